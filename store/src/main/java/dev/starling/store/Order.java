package dev.starling.store;

/** The direction of a scan over keys, which are compared as unsigned bytes. */
public enum Order {
  ASCENDING,
  DESCENDING
}

package dev.starling.mtproto;

/** Tells what has been seen before. Thread-safe. */
@FunctionalInterface
public interface Replays {
  /**
   * Notes a digest, or other random bytes of at least 16.
   *
   * @return whether it is new
   */
  boolean add(byte[] digest, long nowMillis);
}

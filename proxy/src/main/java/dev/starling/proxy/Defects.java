package dev.starling.proxy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures that are ours: each is logged once, so that no peer can fill a disk by one. */
final class Defects {
  private static final Logger LOG = LoggerFactory.getLogger(Defects.class);
  private static final int LOGGED_MAX = 20;

  private final AtomicLong count = new AtomicLong();

  /** A peer that resets is nobody's fault. */
  void unlessOfTheNetwork(String where, Throwable cause) {
    if (!(cause instanceof IOException) && count.getAndIncrement() < LOGGED_MAX) {
      LOG.error("{}: this is a defect", where, cause);
    }
  }

  long count() {
    return count.get();
  }
}

package dev.starling.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time up to a limit, and a random
 * half of it, so that the clients of a server that went down do not all come back at once.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 500;
  private static final long MOST_MILLIS = 30_000;

  private final RandomGenerator random;
  private long millis = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long wait = millis / 2 + random.nextLong(millis / 2 + 1);
    millis = Math.min(2 * millis, MOST_MILLIS);
    return Duration.ofMillis(wait);
  }

  /** The server asks to be left alone: the next attempts are far between at once. */
  void flooded() {
    millis = MOST_MILLIS;
  }

  /** The last attempt succeeded. */
  void reset() {
    millis = FIRST_MILLIS;
  }
}

package dev.starling.proxy;

import java.util.Arrays;

/**
 * By how much the clocks of the last clients were before ours. One that is wrong is theirs; when
 * most agree, it is ours. Thread-safe.
 */
final class Skews {
  private static final int REMEMBERED = 64;

  private final long[] last = new long[REMEMBERED];
  private long count;

  synchronized void add(long seconds) {
    last[(int) (count++ % REMEMBERED)] = seconds;
  }

  /** The one in the middle, seconds; 0 while there are none. */
  synchronized long median() {
    int filled = (int) Math.min(count, REMEMBERED);
    if (filled == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(last, filled);
    Arrays.sort(sorted);
    return sorted[filled / 2];
  }
}

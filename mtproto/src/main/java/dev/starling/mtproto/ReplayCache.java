package dev.starling.mtproto;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells what has been seen before. It holds what came within a window of time, at most so many; the
 * eldest gives way. Thread-safe.
 *
 * <p>It forgets at a restart: whoever must not keeps what was new elsewhere too, and adds it again
 * with the time at which it came.
 */
public final class ReplayCache implements Replays {
  /** The first 16 bytes of a digest: that two agree by chance is out of the question. */
  private record Key(long high, long low) {}

  private final long windowMillis;
  private final int max;
  private final Map<Key, Long> seen = new LinkedHashMap<>();

  /**
   * @param window how long something is remembered
   * @param max how many are; each is about 100 bytes
   */
  public ReplayCache(Duration window, int max) {
    this.windowMillis = window.toMillis();
    this.max = max;
  }

  @Override
  public synchronized boolean add(byte[] digest, long nowMillis) {
    var eldest = seen.entrySet().iterator();
    while (eldest.hasNext()) {
      if (eldest.next().getValue() >= nowMillis - windowMillis && seen.size() <= max) {
        break;
      }
      eldest.remove();
    }
    Key key = new Key(Bytes.longAt(digest, 0), Bytes.longAt(digest, 8));
    return seen.putIfAbsent(key, nowMillis) == null;
  }
}

package dev.starling.messenger;

import java.time.Duration;
import java.util.LinkedHashMap;

/**
 * Since when the sessions of an auth key are remembered: since the start, or since the newest
 * message of one that was forgotten. What the client sent before may have been executed by a
 * session that nobody remembers; who recorded it could have a new one execute it again. Not
 * thread-safe.
 */
final class SessionFloors {
  /** "Messages over 300 seconds old are to be ignored", so what is older needs no floor. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** Keys that may have one; when there are more, the eldest floor is everybody's. */
  static final int KEYS_MAX = 1 << 16;

  private final LinkedHashMap<Long, Long> ofKeys = new LinkedHashMap<>();
  private long everybodys;

  /**
   * @param bootMillis unix time in ms
   */
  SessionFloors(long bootMillis) {
    this.everybodys = bootMillis;
  }

  /** Unix time in ms: calls of this key from before may have been executed already. */
  long millisOf(long authKeyId) {
    return Math.max(everybodys, ofKeys.getOrDefault(authKeyId, everybodys));
  }

  /** A session of this key is forgotten that has taken no message newer than this one. */
  void raise(long authKeyId, long newestMsgId) {
    long floor = millisAfter(newestMsgId);
    if (floor > millisOf(authKeyId)) {
      ofKeys.remove(authKeyId); // to the end, in the order of time
      ofKeys.put(authKeyId, floor);
    }
    if (ofKeys.size() > KEYS_MAX) {
      everybodys = Math.max(everybodys, ofKeys.pollFirstEntry().getValue());
    }
  }

  /** Forgets the floors below which all is too old anyway. */
  void sweep(long nowMillis) {
    ofKeys.values().removeIf(floor -> floor < nowMillis - KEPT.toMillis());
  }

  /** "Approximately unixtime * 2^32": the first millisecond all of whose ids are greater. */
  private static long millisAfter(long msgId) {
    return (msgId >> 32) * 1000 + (((msgId & 0xffff_ffffL) * 1000) >> 32) + 1;
  }
}

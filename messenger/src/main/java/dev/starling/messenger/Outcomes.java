package dev.starling.messenger;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the latest calls of a session ended, for {@code invokeAfterMsg}. Not thread-safe. */
final class Outcomes {
  /** Calls remembered; one named later than that is long done. */
  static final int KEPT_MAX = 512;

  /** What is known of a call that another names as its predecessor. */
  enum Outcome {
    DONE,
    FAILED,
    /** It has not come yet. */
    UNSEEN
  }

  private final Map<Long, Outcome> kept = new LinkedHashMap<>();
  private long first = Long.MAX_VALUE;
  private long forgotten;

  /**
   * A call has come; what is older than the first one was another life of the session, and is taken
   * for done.
   */
  void seen(long msgId) {
    first = Math.min(first, msgId);
  }

  void ended(long msgId, boolean failed) {
    kept.put(msgId, failed ? Outcome.FAILED : Outcome.DONE);
    if (kept.size() > KEPT_MAX) {
      long eldest = kept.keySet().iterator().next();
      kept.remove(eldest);
      forgotten = Math.max(forgotten, eldest);
    }
  }

  Outcome of(long msgId) {
    boolean old = msgId < first || msgId <= forgotten;
    return kept.getOrDefault(msgId, old ? Outcome.DONE : Outcome.UNSEEN);
  }
}

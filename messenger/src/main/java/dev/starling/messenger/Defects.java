package dev.starling.messenger;

import dev.starling.store.StoreException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs defects of ours: where they happened, never with what, for an exception's message may quote
 * a client. A defect that comes a million times is logged twenty times, whenever its count is a
 * power of two. What the store cannot do is no defect: its own line says what happened and what to
 * do.
 */
final class Defects {
  private static final Logger LOG = LoggerFactory.getLogger(Defects.class);

  /**
   * Counts by place and exception: both are named in the code, so their number is bounded by it.
   */
  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  /**
   * @param place the method or part that failed
   */
  void log(String place, Throwable defect) {
    if (defect instanceof StoreException trouble) {
      if (isWorthALine(trouble.getClass().getName())) {
        LOG.error("calls are refused: {}", trouble.getMessage());
      }
      return;
    }
    String kind = place + ": " + defect.getClass().getName();
    if (isWorthALine(kind)) {
      LOG.error(
          "{} ({} times so far): this is a defect", kind, counts.get(kind), withoutMessage(defect));
    }
  }

  private boolean isWorthALine(String kind) {
    return Long.bitCount(counts.merge(kind, 1L, Long::sum)) == 1;
  }

  private static Throwable withoutMessage(Throwable defect) {
    Throwable bare = new Throwable(defect.getClass().getName());
    bare.setStackTrace(defect.getStackTrace());
    if (defect.getCause() != null) {
      bare.initCause(withoutMessage(defect.getCause()));
    }
    return bare;
  }
}

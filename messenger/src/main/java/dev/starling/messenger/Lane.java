package dev.starling.messenger;

import dev.starling.messenger.Outcomes.Outcome;
import dev.starling.tl.TlObject;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one session, one after another in the order they came. So the messages of a session
 * keep their order without a word about methods, and {@code invokeAfterMsg} finds its predecessor
 * done. Sessions run beside each other; a client that wants calls in parallel, as for files, opens
 * further sessions.
 *
 * <p>Guarded by the session's lock.
 */
@SuppressWarnings("ReferenceEquality") // a link is itself and no other
final class Lane {
  /**
   * Calls that wait; a client begins with about sixty. One packet may overshoot: a container holds
   * 1020 at most.
   */
  static final int CALLS_MAX = 256;

  /**
   * A call that waits for its turn.
   *
   * @param request null when nobody knows the constructor
   * @param postponed whether its turn had come once before the call that it names as its
   *     predecessor
   */
  record Call(long msgId, @Nullable TlObject request, boolean postponed) {}

  private final Queue<Call> waiting = new ArrayDeque<>();
  private final Outcomes outcomes = new Outcomes();
  private @Nullable Link held;
  private boolean running;

  void add(long msgId, @Nullable TlObject request) {
    outcomes.seen(msgId);
    waiting.add(new Call(msgId, request, false));
  }

  /** Whether there are calls and nobody takes them. */
  boolean isStanding() {
    return !running && !waiting.isEmpty();
  }

  /** Whether somebody takes calls, until {@link #next} has none for him. */
  void running(boolean taken) {
    running = taken;
  }

  /**
   * The call whose turn has come; null, and the lane stands, when there is none or {@code stop}.
   */
  @Nullable Call next(boolean stop) {
    Call call = stop ? null : waiting.poll();
    running = call != null;
    if (waiting.size() <= CALLS_MAX / 2) {
      release();
    }
    return call;
  }

  /**
   * Puts a call that must wait for another behind all that have come; once, so that two cannot wait
   * in a ring.
   */
  void postpone(Call call) {
    waiting.add(new Call(call.msgId, call.request, true));
  }

  void ended(Call call, boolean failed) {
    outcomes.ended(call.msgId, failed);
  }

  Outcome outcome(long msgId) {
    return outcomes.of(msgId);
  }

  /** Stops the reading of {@code link}, which has brought calls, while the lane is full. */
  void holdIfFull(Link link) {
    if (waiting.size() >= CALLS_MAX && held != link) {
      release();
      held = link;
      link.hold(this);
    }
  }

  /** No call will be taken any more. */
  void clear() {
    waiting.clear();
    release();
  }

  private void release() {
    if (held != null) {
      held.release(this);
      held = null;
    }
  }
}

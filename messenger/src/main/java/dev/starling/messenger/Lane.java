package dev.starling.messenger;

import dev.starling.messenger.Outcomes.Outcome;
import dev.starling.tl.TlObject;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one session, one after another in the order they came. So the messages of a session
 * keep their order without a word about methods, and {@code invokeAfterMsg} finds its predecessor
 * done. Sessions run beside each other; a client that wants calls in parallel, as for files, opens
 * further sessions.
 *
 * <p>Guarded by the session's lock.
 */
final class Lane {
  /**
   * Calls that wait; a client begins with about sixty. One packet may overshoot: a container holds
   * 1020 at most.
   */
  static final int CALLS_MAX = 256;

  /**
   * Bytes of the calls that wait, unpacked: a few parts of a file. As objects they may take ten
   * times as much.
   */
  static final int BYTES_MAX = 2 << 20;

  /**
   * A call that waits for its turn.
   *
   * @param request null when nobody knows the constructor
   * @param bytes what it was read from
   * @param layer what the client named with a call that nobody knows, else 0
   * @param postponed whether its turn had come once before the call that it names as its
   *     predecessor
   */
  record Call(long msgId, @Nullable TlObject request, int bytes, int layer, boolean postponed) {}

  private final Queue<Call> waiting = new ArrayDeque<>();
  private final Outcomes outcomes = new Outcomes();
  private final Set<Link> held = new HashSet<>();
  private long waitingBytes;
  private boolean running;

  void add(long msgId, TlObject request, int bytes) {
    outcomes.seen(msgId);
    add(new Call(msgId, request, bytes, 0, false));
  }

  void addUnknown(long msgId, int layer) {
    outcomes.seen(msgId);
    add(new Call(msgId, null, 0, layer, false));
  }

  private void add(Call call) {
    waiting.add(call);
    waitingBytes += call.bytes;
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
    waitingBytes -= call == null ? 0 : call.bytes;
    if (waiting.size() <= CALLS_MAX / 2 && waitingBytes <= BYTES_MAX / 2) {
      release();
    }
    return call;
  }

  /**
   * Puts a call that must wait for another behind all that have come; once, so that two cannot wait
   * in a ring.
   */
  void postpone(Call call) {
    add(new Call(call.msgId, call.request, call.bytes, call.layer, true));
  }

  void ended(Call call, boolean failed) {
    outcomes.ended(call.msgId, failed);
  }

  Outcome outcome(long msgId) {
    return outcomes.of(msgId);
  }

  /**
   * Stops the reading of {@code link}, which has brought calls, while the lane is full; of each
   * link that does, or two of them would take turns at filling it.
   */
  void holdIfFull(Link link) {
    boolean full = waiting.size() >= CALLS_MAX || waitingBytes >= BYTES_MAX;
    if (full && held.add(link)) {
      link.hold(this);
    }
  }

  /** {@code link} is closed: nothing is read from it in any case. */
  void left(Link link) {
    held.remove(link);
  }

  /** No call will be taken any more. */
  void clear() {
    waiting.clear();
    waitingBytes = 0;
    release();
  }

  private void release() {
    held.forEach(link -> link.release(this));
    held.clear();
  }
}

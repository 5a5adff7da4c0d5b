package dev.starling.mtproto;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Content-related messages received and not yet acknowledged. Acknowledgements ride on whatever is
 * sent; alone they go only after a while, as most calls are answered sooner and "an rpc_result
 * acknowledges the request".
 */
final class PendingAcks {
  /** How long an acknowledgement waits for something to ride on. */
  static final Duration DELAY = Duration.ofSeconds(1);

  /** So many do not wait: a container brings 1020 at most, and a vector holds 8192 at most. */
  static final int WAITING_MAX = 1024;

  private static final int CAPACITY_MIN = 4;

  private long[] ids = new long[CAPACITY_MIN];
  private int size;
  private long sinceMillis;

  /** Beyond a vector's worth nothing is noted: the other side sends it again and is told then. */
  void add(long msgId, long nowMillis) {
    if (size == Outbox.IDS_MAX) {
      return;
    }
    if (size == 0) {
      sinceMillis = nowMillis;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = msgId;
  }

  /** The other side learns of it in another way. */
  void remove(long msgId) {
    for (int i = size - 1; i >= 0; i--) {
      if (ids[i] == msgId) {
        ids[i] = ids[--size];
        return;
      }
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** When they go even alone. */
  long dueMillis() {
    return size >= WAITING_MAX ? Long.MIN_VALUE : sinceMillis + DELAY.toMillis();
  }

  /** Takes them all out. */
  List<Long> drain() {
    List<Long> drained = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      drained.add(ids[i]);
    }
    size = 0;
    if (ids.length > CAPACITY_MIN) {
      ids = new long[CAPACITY_MIN];
    }
    return drained;
  }
}

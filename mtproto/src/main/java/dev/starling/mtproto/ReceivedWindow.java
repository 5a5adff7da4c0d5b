package dev.starling.mtproto;

import java.util.Arrays;

/**
 * The messages of the other side that are known by their msg_id: what is in here was received, what
 * is at or below the floor can no longer be told, all else is new. "The receiving party must keep
 * the identifiers of the messages received, at least the newest N of them."
 *
 * <p>Sorted arrays side by side, small for an idle session: ids too old to be accepted anyway are
 * let go, and the arrays shrink with them.
 */
final class ReceivedWindow {
  /** More than a client sends between two round trips; 16 KiB at its largest. */
  static final int CAPACITY_MAX = 1024;

  private static final int CAPACITY_MIN = 8;

  /** What became of a message that was received. */
  enum Fate {
    /** Nothing is to be answered. */
    NONE,
    /** A call whose answer is not there yet. */
    RUNNING,
    /** The same, of a call that only reads. */
    READING,
    /** Its answer waits for acknowledgement and can be sent again. */
    ANSWERED,
    /** Its answer was let go unacknowledged: nobody knows whether the client has it. */
    FORGOTTEN,
    /** The same, of a call that only read: it may run once more. */
    UNREAD,
    /** The client has its answer, or wants none. */
    SETTLED
  }

  private long[] ids = new long[CAPACITY_MIN];
  private int[] seqnos = new int[CAPACITY_MIN];
  private Fate[] fates = new Fate[CAPACITY_MIN];
  private int size;
  private long floor = Long.MIN_VALUE;

  boolean contains(long msgId) {
    return find(msgId) >= 0;
  }

  /** "Lower than all the identifiers stored": whether it was received cannot be verified. */
  boolean isBelow(long msgId) {
    return msgId <= floor;
  }

  boolean isAbove(long msgId) {
    return size == 0 || msgId > ids[size - 1];
  }

  /** Takes no message below {@code msgId} for new any more. */
  void raiseFloor(long msgId) {
    floor = Math.max(floor, msgId - 1);
  }

  /**
   * The error_code of a new message's seqno, 0 when it fits. The neighbours suffice, as all that is
   * in the window fits already.
   */
  int seqnoError(long msgId, int seqno) {
    int at = -(find(msgId) + 1);
    boolean odd = (seqno & 1) == 1;
    // "32: msg_seqno too low (the server has already received a message with a lower msg_id but
    // with either a higher or an equal and odd seqno)"
    if (at > 0 && (seqnos[at - 1] > seqno || (odd && seqnos[at - 1] == seqno))) {
      return BadMessage.SEQNO_TOO_LOW;
    }
    // "33: msg_seqno too high (similarly, there is a message with a higher msg_id but with either a
    // lower or an equal and odd seqno)"
    if (at < size && (seqnos[at] < seqno || (odd && seqnos[at] == seqno))) {
      return BadMessage.SEQNO_TOO_HIGH;
    }
    return 0;
  }

  /**
   * Notes a message that is new.
   *
   * @param horizon ids below it are refused for their age, so that they need no place here
   */
  void add(long msgId, int seqno, Fate fate, long horizon) {
    boolean halfExpired = size > CAPACITY_MIN / 2 && ids[size / 2] < horizon;
    if (size == ids.length || halfExpired) {
      makeRoom(horizon);
    }
    int at = -(find(msgId) + 1);
    System.arraycopy(ids, at, ids, at + 1, size - at);
    System.arraycopy(seqnos, at, seqnos, at + 1, size - at);
    System.arraycopy(fates, at, fates, at + 1, size - at);
    ids[at] = msgId;
    seqnos[at] = seqno;
    fates[at] = fate;
    size++;
  }

  /** The fate of a message; {@code otherwise} when it is not in the window. */
  Fate fate(long msgId, Fate otherwise) {
    int at = find(msgId);
    return at < 0 ? otherwise : fates[at];
  }

  /** Does nothing when the message has left the window. */
  void setFate(long msgId, Fate fate) {
    int at = find(msgId);
    if (at >= 0) {
      fates[at] = fate;
    }
  }

  /** Whether the message asked for acknowledgement; false when it is not in the window. */
  boolean isContentRelated(long msgId) {
    int at = find(msgId);
    return at >= 0 && (seqnos[at] & 1) == 1;
  }

  private int find(long msgId) {
    return Arrays.binarySearch(ids, 0, size, msgId);
  }

  private void makeRoom(long horizon) {
    int place = find(horizon);
    int drop = place < 0 ? -(place + 1) : place;
    if (size - drop >= CAPACITY_MAX) {
      drop = size - CAPACITY_MAX * 3 / 4;
    }
    if (drop > 0) {
      floor = Math.max(floor, ids[drop - 1]);
    }
    int rest = size - drop;
    int capacity = Math.max(CAPACITY_MIN, Integer.highestOneBit(rest) * 2);
    ids = Arrays.copyOfRange(ids, drop, drop + capacity);
    seqnos = Arrays.copyOfRange(seqnos, drop, drop + capacity);
    fates = Arrays.copyOfRange(fates, drop, drop + capacity);
    size = rest;
  }
}

package dev.starling.mtproto;

import java.time.InstantSource;

/**
 * Makes the msg_ids of one side of a session: "approximately unixtime * 2^32", each greater than
 * all before it even when the clock is set back, the two lowest bits telling what kind of message
 * it is (core.telegram.org/mtproto/description#message-identifier-msg-id).
 */
final class MessageIds {
  /** "Client message identifiers are divisible by 4." */
  static final int FROM_CLIENT = 0;

  /** "Server message identifiers modulo 4 yield 1 if the message is a response to a client one." */
  static final int ANSWER = 1;

  /** "... and 3 otherwise." */
  static final int NOTIFICATION = 3;

  private final InstantSource clock;
  private long offsetMillis;
  private long last;

  MessageIds(InstantSource clock, long offsetMillis) {
    this.clock = clock;
    this.offsetMillis = offsetMillis;
  }

  long next(int kind) {
    last = Math.max(at(nowMillis()), (last & -4) + 4) + kind;
    return last;
  }

  /** This side's clock as the other side sees it. */
  long nowMillis() {
    return clock.millis() + offsetMillis;
  }

  /** How far the other side's clock is ahead of ours. */
  long offsetMillis() {
    return offsetMillis;
  }

  /**
   * The other side's clock is {@code otherMillis}. Ids given out so far were ahead of it or behind;
   * those after {@code newestAccepted} count as never given out.
   */
  void correct(long otherMillis, long newestAccepted) {
    offsetMillis = otherMillis - clock.millis();
    last = newestAccepted;
  }

  /** The least id of that millisecond. */
  static long at(long millis) {
    long seconds = Math.floorDiv(millis, 1000L);
    long fraction = (Math.floorMod(millis, 1000L) << 32) / 1000;
    return ((seconds << 32) + fraction) & -4;
  }

  /** When that id was made, rounded to the nearest millisecond: the inverse of {@link #at}. */
  static long millis(long msgId) {
    return (msgId >> 32) * 1000 + (((msgId & 0xffff_ffffL) * 1000 + (1L << 31)) >> 32);
  }
}

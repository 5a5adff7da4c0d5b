package dev.starling.mtproto;

import dev.starling.mtproto.Outgoing.Kind;
import dev.starling.mtproto.ReceivedWindow.Fate;
import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.Layer;
import dev.starling.tl.RpcResult;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.BadMsgNotification;
import dev.starling.tl.mt.MsgDetailedInfo;
import dev.starling.tl.mt.RpcAnswerDropped;
import dev.starling.tl.mt.RpcAnswerDroppedRunning;
import dev.starling.tl.mt.RpcAnswerUnknown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a client's calls: each is executed once, its answer kept until the client has it.
 */
final class Calls {
  /** A larger answer is only announced to a client that repeats its call. */
  static final int REPEATED_BYTES_MAX = 64 << 10;

  /**
   * Results up to this size go as they are: they fit one segment of TCP, and packing takes longer
   * than all else that is done for an answer.
   */
  static final int PLAIN_BYTES_MAX = 1_200;

  private final ReceivedWindow received;
  private final Outbox outbox;

  Calls(ReceivedWindow received, Outbox outbox) {
    this.received = received;
    this.outbox = outbox;
  }

  /** Queues the answer, unless the client dropped it. */
  void answer(long reqMsgId, byte[] result) {
    if (received.fate(reqMsgId, Fate.RUNNING) == Fate.RUNNING) {
      received.setFate(reqMsgId, Fate.ANSWERED);
      RpcResult answer = new RpcResult(reqMsgId, packed(result));
      outbox.add(new Outgoing(Kind.ANSWER, Tl.encode(answer, Layer.NEWEST), reqMsgId));
    }
  }

  private static byte[] packed(byte[] result) {
    if (result.length <= PLAIN_BYTES_MAX) {
      return result;
    }
    byte[] packed = Tl.encode(new GzipPacked(Gzip.pack(result)), Layer.NEWEST);
    return packed.length < result.length ? packed : result;
  }

  /** Whether the call's answer is there and not known to be the client's. */
  boolean isAnswerKept(long reqMsgId) {
    return answerTo(reqMsgId) != null;
  }

  /** The answer reached the client, or goes another way. */
  void settle(long reqMsgId) {
    received.setFate(reqMsgId, Fate.SETTLED);
  }

  /** The answer is kept no longer, and nobody knows whether it reached the client. */
  void forget(Outgoing answer) {
    received.setFate(answer.call, Fate.FORGOTTEN);
  }

  /**
   * "A message received twice is not executed again": a call's answer goes again, or what the
   * client is to be told instead is returned.
   */
  @Nullable TlObject repeat(long msgId, int seqno) {
    if (received.fate(msgId, Fate.NONE) == Fate.FORGOTTEN) {
      return new BadMsgNotification(msgId, seqno, BadMessage.TOO_OLD);
    }
    Outgoing answer = answerTo(msgId);
    if (answer != null && answer.msgId != 0) {
      if (answer.body.length > REPEATED_BYTES_MAX) {
        return new MsgDetailedInfo(msgId, answer.msgId, answer.body.length, 0);
      }
      answer.due = true;
    }
    return null;
  }

  /** rpc_drop_answer: the answer is not sent, or not again; a call that runs runs to its end. */
  TlObject drop(long reqMsgId) {
    Outgoing answer = answerTo(reqMsgId);
    boolean running = received.fate(reqMsgId, Fate.NONE) == Fate.RUNNING;
    if (answer == null && !running) {
      return new RpcAnswerUnknown();
    }
    received.setFate(reqMsgId, Fate.SETTLED);
    if (answer == null) {
      return new RpcAnswerDroppedRunning();
    }
    outbox.removeIf(message -> message == answer);
    return new RpcAnswerDropped(answer.msgId, answer.seqno, answer.body.length);
  }

  /** The bytes of msgs_state_info, one for each msg_id. */
  byte[] states(List<Long> msgIds) {
    byte[] states = new byte[msgIds.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = (byte) state(msgIds.get(i));
    }
    return states;
  }

  private int state(long msgId) {
    if ((msgId & 3) != 0) {
      return outbox.keeps(msgId) ? 4 : 1; // one of our own
    }
    if (!received.contains(msgId)) {
      // "1 = nothing is known about the message (msg_id too low, the other party may have forgotten
      // it); 2 = message not received (msg_id falls within the range of stored identifiers); 3 =
      // message not received (msg_id too high)."
      return received.isBelow(msgId) ? 1 : received.isAbove(msgId) ? 3 : 2;
    }
    // "4 = message received; +8 = already acknowledged; +16 = not requiring acknowledgment; +32 =
    // RPC query being processed or processing already complete; +64 = response already generated."
    int state = 4 + (received.isContentRelated(msgId) ? 8 : 16);
    return switch (received.fate(msgId, Fate.NONE)) {
      case NONE -> state;
      case RUNNING -> state + 32;
      case ANSWERED, FORGOTTEN, SETTLED -> state + 32 + 64;
    };
  }

  private @Nullable Outgoing answerTo(long reqMsgId) {
    return outbox.find(Kind.ANSWER, reqMsgId);
  }
}

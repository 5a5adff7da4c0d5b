package dev.starling.mtproto;

import dev.starling.mtproto.Outgoing.Kind;
import dev.starling.mtproto.ReceivedWindow.Fate;
import dev.starling.tl.Gzip;
import dev.starling.tl.GzipPacked;
import dev.starling.tl.Layer;
import dev.starling.tl.RpcResult;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.MsgDetailedInfo;
import dev.starling.tl.mt.RpcAnswerDropped;
import dev.starling.tl.mt.RpcAnswerDroppedRunning;
import dev.starling.tl.mt.RpcAnswerUnknown;
import dev.starling.tl.mt.RpcError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a client's calls: each is executed once, its answer kept until the client has it.
 * Of a client that takes too much without acknowledging it, answers are let go: first those to
 * calls that only read, which may then run again; a call with an effect never does.
 */
final class Calls {
  /** A larger answer is only announced to a client that repeats its call. */
  static final int REPEATED_BYTES_MAX = 64 << 10;

  /**
   * Results up to this size go as they are: they fit one segment of TCP, and packing takes longer
   * than all else that is done for an answer.
   */
  static final int PLAIN_BYTES_MAX = 1_200;

  /**
   * What a client is told of a call that had its effect when the answer is no longer there. By
   * error_code 20, "cannot be verified", clients send the call again under a new msg_id, and so
   * they do by an error of the server, 500 or negative; this one they pass on.
   */
  private static final byte[] LOST = Tl.encode(new RpcError(400, "MSG_ID_INVALID"), Layer.NEWEST);

  private final ReceivedWindow received;
  private final Outbox outbox;

  Calls(ReceivedWindow received, Outbox outbox) {
    this.received = received;
    this.outbox = outbox;
  }

  /** Queues the answer, unless the client dropped it. */
  void answer(long reqMsgId, byte[] result) {
    Fate fate = received.fate(reqMsgId, Fate.RUNNING);
    if (fate == Fate.RUNNING || fate == Fate.READING) {
      queue(reqMsgId, packed(result), fate == Fate.READING);
    }
  }

  private void queue(long reqMsgId, byte[] result, boolean repeatable) {
    received.setFate(reqMsgId, Fate.ANSWERED);
    byte[] body = Tl.encode(new RpcResult(reqMsgId, result), Layer.NEWEST);
    Outgoing answer = new Outgoing(Kind.ANSWER, body, reqMsgId);
    answer.repeatable = repeatable;
    outbox.add(answer);
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
    received.setFate(answer.call, answer.repeatable ? Fate.UNREAD : Fate.FORGOTTEN);
  }

  /** Begins a repeated call anew whose answer was let go, if it only reads; answers whether. */
  boolean readAgain(long msgId) {
    boolean again = received.fate(msgId, Fate.NONE) == Fate.UNREAD;
    if (again) {
      received.setFate(msgId, Fate.READING);
    }
    return again;
  }

  /**
   * "A message received twice is not executed again": a call's answer goes again, or what the
   * client is to be told instead is returned.
   */
  @Nullable TlObject repeat(long msgId) {
    if (received.fate(msgId, Fate.NONE) == Fate.FORGOTTEN) {
      queue(msgId, LOST, false);
      return null;
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
    Fate fate = received.fate(reqMsgId, Fate.NONE);
    boolean running = fate == Fate.RUNNING || fate == Fate.READING;
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

  /**
   * The bytes of msgs_state_info, one for each msg_id. A client that asks after a call waits for
   * its answer, and after its state waits on: one that was let go must be told.
   */
  byte[] states(List<Long> msgIds) {
    byte[] states = new byte[msgIds.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = (byte) state(msgIds.get(i));
      if (received.fate(msgIds.get(i), Fate.NONE) == Fate.FORGOTTEN) {
        queue(msgIds.get(i), LOST, false);
      }
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
      case RUNNING, READING -> state + 32;
      case UNREAD -> 2; // so that the client sends it again
      case ANSWERED, FORGOTTEN, SETTLED -> state + 32 + 64;
    };
  }

  private @Nullable Outgoing answerTo(long reqMsgId) {
    return outbox.find(Kind.ANSWER, reqMsgId);
  }
}

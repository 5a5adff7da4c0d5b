package dev.starling.mtproto;

import dev.starling.mtproto.ReceivedWindow.Fate;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InvokeAfterMsg;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.InvokeWithoutUpdates;
import dev.starling.tl.api.MessagesGetBotCallbackAnswer;
import dev.starling.tl.mt.DestroyAuthKey;
import dev.starling.tl.mt.DestroySession;
import dev.starling.tl.mt.GetFutureSalts;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.PingDelayDisconnect;
import dev.starling.tl.mt.RpcDropAnswer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a client a session takes: the rules of msg_id, seqno and containers. A verdict
 * is {@link #NEW}, {@link #DUPLICATE} or an error_code of {@link BadMessage}.
 */
final class Admission {
  static final int NEW = 0;
  static final int DUPLICATE = -1;

  /** "Messages over 300 seconds old or over 30 seconds in the future are to be ignored." */
  static final Duration AGE_MAX = Duration.ofMinutes(5);

  static final Duration AHEAD_MAX = Duration.ofSeconds(30);

  private final ReceivedWindow received;
  private final Env env;
  private final long bootMsgId;

  /**
   * @param bootMillis what was sent before may have been executed by a server that remembers
   *     nothing
   */
  Admission(ReceivedWindow received, Env env, long bootMillis) {
    this.received = received;
    this.env = env;
    this.bootMsgId = MessageIds.at(bootMillis);
  }

  /** The least msg_id that a call may have. */
  long bootMsgId() {
    return bootMsgId;
  }

  /** The verdict on a packet's own msg_id, before it is known what the packet carries. */
  int packet(long msgId) {
    if ((msgId & 3) != 0) {
      return BadMessage.ID_NOT_DIVISIBLE;
    }
    if (msgId > MessageIds.at(env.clock().millis() + AHEAD_MAX.toMillis())) {
      return BadMessage.ID_TOO_HIGH;
    }
    return msgId < horizon() && !received.contains(msgId) ? BadMessage.ID_TOO_LOW : NEW;
  }

  /**
   * The verdict on a container, whole: nothing of a bad one is executed. Its msg_id is of a packet
   * that {@link #packet} let through.
   */
  int container(long msgId, int seqno, List<ContainerMessage> messages) {
    for (ContainerMessage inner : messages) {
      // "A container's msg_id must be greater than those of the messages in it"; "a container may
      // only be used to transmit messages that are not containers".
      if (inner.msgId() >= msgId || Incoming.isContainer(inner.body())) {
        return BadMessage.CONTAINER;
      }
    }
    if (received.contains(msgId)) {
      return BadMessage.CONTAINER_ID_REUSED;
    }
    if (received.isBelow(msgId)) {
      return BadMessage.TOO_OLD;
    }
    return (seqno & 1) == 1 ? BadMessage.SEQNO_MUST_BE_EVEN : received.seqnoError(msgId, seqno);
  }

  /**
   * The verdict on a message that stands alone or in a container. An acknowledgement "must have an
   * even msg_seqno", yet mtcute marks all it sends as content-related, and 34 would have it reset
   * its session each time.
   *
   * @param body null when it cannot be read
   */
  int message(long msgId, int seqno, @Nullable TlObject body) {
    if ((msgId & 3) != 0) {
      return BadMessage.ID_NOT_DIVISIBLE;
    }
    if (received.contains(msgId)) {
      return DUPLICATE;
    }
    boolean odd = (seqno & 1) == 1;
    if (received.isBelow(msgId) || msgId < horizon()) {
      return BadMessage.TOO_OLD;
    }
    if (odd && msgId < bootMsgId) {
      // Not 20, though we cannot tell whether it was received: all that a client with a slow clock
      // sends is from before the boot for a while, and only by 16 does it learn the right time.
      return BadMessage.ID_TOO_LOW;
    }
    if (!odd && isApiCall(body)) {
      return BadMessage.SEQNO_MUST_BE_ODD;
    }
    return received.seqnoError(msgId, seqno);
  }

  /** Notes a message as received. */
  void accept(long msgId, int seqno, Fate fate) {
    received.add(msgId, seqno, fate, horizon());
  }

  /**
   * Calls of the API, as against those of MTProto itself, which clients mark one way or the other.
   */
  static boolean isApiCall(@Nullable TlObject body) {
    return body instanceof TlMethod<?>
        && !(body instanceof Ping
            || body instanceof PingDelayDisconnect
            || body instanceof GetFutureSalts
            || body instanceof DestroySession
            || body instanceof DestroyAuthKey
            || body instanceof RpcDropAnswer);
  }

  /**
   * Whether a call of the API, in whatever wrapper, may run once more as it changes nothing: all
   * that get something do not, but for the one that presses a bot's button.
   */
  static boolean onlyReads(TlObject call) {
    return switch (call) {
      case InvokeWithLayer<?> w -> onlyReads(w.query());
      case InitConnection<?> w -> onlyReads(w.query());
      case InvokeWithoutUpdates<?> w -> onlyReads(w.query());
      case InvokeAfterMsg<?> w -> onlyReads(w.query());
      case MessagesGetBotCallbackAnswer _ -> false;
      case TlMethod<?> m -> {
        String name = m.methodName();
        yield name.startsWith("get", name.indexOf('.') + 1);
      }
      default -> false;
    };
  }

  /** Ids below it are too old to be accepted. */
  private long horizon() {
    return MessageIds.at(env.clock().millis() - AGE_MAX.toMillis());
  }
}

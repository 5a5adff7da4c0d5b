package dev.starling.mtproto;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A message that one side of a session sends, maybe more than once: msg_id and seqno stay. */
final class Outgoing {
  /** What it is to the sender. */
  enum Kind {
    /** Asks for no acknowledgement and is forgotten once sent. */
    SERVICE(false, MessageIds.ANSWER),
    /** An rpc_result. */
    ANSWER(true, MessageIds.ANSWER),
    /** Updates: the client can get them otherwise, so they may be dropped. */
    PUSH(true, MessageIds.NOTIFICATION),
    /** Any other content of the server. */
    NOTICE(true, MessageIds.NOTIFICATION),
    /** A client's call: kept until its answer comes. */
    CALL(true, MessageIds.FROM_CLIENT);

    /** "Content-related: a message requiring an explicit acknowledgment." */
    final boolean content;

    private final int serverIdKind;

    Kind(boolean content, int serverIdKind) {
      this.content = content;
      this.serverIdKind = serverIdKind;
    }

    int idKind(Side from) {
      return from == Side.CLIENT ? MessageIds.FROM_CLIENT : serverIdKind;
    }
  }

  final Kind kind;
  byte[] body;

  /** The body of a msg_id, for a message that holds its own. */
  @Nullable LongFunction<byte[]> bodyOf;

  /**
   * The call: msg_id of the request for {@link Kind#ANSWER}, the call's number for CALL, else 0.
   */
  final long call;

  /** Whether it answers a call that only reads, which may run once more if this is let go. */
  boolean repeatable;

  /** 0 until it is first sent. */
  long msgId;

  int seqno;

  /** The msg_id of the packet that carried it last: its own, or a container's. */
  long carrier;

  /** Whether it is to be sent (again) by the next flush. */
  boolean due = true;

  /** How often the other side refused it. */
  int refusals;

  Outgoing(Kind kind, byte[] body, long call) {
    this.kind = kind;
    this.body = body;
    this.call = call;
  }
}

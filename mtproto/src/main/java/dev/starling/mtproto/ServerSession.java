package dev.starling.mtproto;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.mtproto.Incoming.Body;
import dev.starling.mtproto.Outgoing.Kind;
import dev.starling.mtproto.ReceivedWindow.Fate;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.BadMsgNotification;
import dev.starling.tl.mt.BadServerSalt;
import dev.starling.tl.mt.DestroySession;
import dev.starling.tl.mt.DestroySessionNone;
import dev.starling.tl.mt.DestroySessionOk;
import dev.starling.tl.mt.FutureSalts;
import dev.starling.tl.mt.GetFutureSalts;
import dev.starling.tl.mt.MsgResendReq;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.MsgsStateInfo;
import dev.starling.tl.mt.MsgsStateReq;
import dev.starling.tl.mt.NewSessionCreated;
import dev.starling.tl.mt.Ping;
import dev.starling.tl.mt.PingDelayDisconnect;
import dev.starling.tl.mt.Pong;
import dev.starling.tl.mt.RpcDropAnswer;
import dev.starling.tl.mt.RpcError;
import java.time.Duration;
import java.util.List;

/**
 * The server's side of a session: one auth key, one session id, whatever connections carry it
 * (core.telegram.org/mtproto/description and .../service_messages_about_messages).
 *
 * <p>It is told what came ({@link #receive}), how calls were answered ({@link #answer}) and what is
 * to be pushed ({@link #push}); all of these only queue. Packets leave in {@link #flush}, as few as
 * will do. A call is handed out once, however often it comes; content goes again with the same
 * msg_id to the next connection until the client acknowledges it.
 *
 * <p>Not thread-safe. An idle session takes under a kilobyte.
 */
public final class ServerSession {
  /**
   * Sent and unacknowledged: a client acknowledges with its next packet, or after ten messages, or
   * half a minute, and gets at most this again. Parts of files may be more: they can be read again.
   */
  static final int KEPT_MESSAGES_MAX = 512;

  static final int KEPT_BYTES_MAX = 256 << 10;

  /** Messages that wait for a flush; a client that is further behind asks for the difference. */
  static final int WAITING_MESSAGES_MAX = 2048;

  /** A few parts of a file. */
  static final int WAITING_BYTES_MAX = 4 << 20;

  /**
   * Replies of the protocol itself that wait for a flush: the states of 8192 messages are 8 KiB,
   * and a few packed bytes ask for them.
   */
  static final int REPLY_BYTES_MAX = 256 << 10;

  /**
   * What the packed bodies of a packet may unpack to, together: as much as the largest packet holds
   * in plain.
   */
  static final int UNPACKED_BYTES_MAX = 1 << 20;

  private static final byte[] INPUT_FETCH_ERROR =
      Tl.encode(new RpcError(400, "INPUT_FETCH_ERROR"), Layer.NEWEST);

  private final long sessionId;
  private final Salts salts;
  private final Env env;
  private final ReceivedWindow received = new ReceivedWindow();
  private final Admission admission;
  private final Outbox outbox;
  private final Calls calls;
  private boolean created;
  private boolean resumed;
  private boolean pushLost;
  private long wakeMillis;

  /** What the session wants done. It is called within the session's own methods, and only there. */
  public interface Sink {
    /** An encrypted packet for the connection that carries the session. */
    void send(byte[] packet);

    /**
     * A call to be executed once, a {@link TlMethod} with wrappers such as invokeWithLayer still
     * on; {@link #answer} is to follow.
     *
     * @param bytes what the call was read from, unpacked
     */
    void request(long reqMsgId, TlObject request, int bytes);

    /**
     * A call that no layer knows; {@link #answer} is to follow with an rpc_error.
     *
     * @param layer the layer that the client named with it, 0 if none
     */
    void unknown(long reqMsgId, int layer);

    /** The client wants the connection closed unless it says so again within {@code delay}. */
    void disconnectAfter(Duration delay);

    /**
     * The client is done with another session of its auth key.
     *
     * @return whether there was one
     */
    boolean destroySession(long sessionId);

    /** {@link #flush} is to be called again after {@code delay}, whatever happens until then. */
    void flushAfter(Duration delay);

    /**
     * Pushes were dropped that the client may not have seen: it is to be told to get the
     * difference, after this call of the session has returned.
     */
    void lagging();
  }

  /**
   * @param salts those of the auth key, shared by its sessions
   * @param bootMillis since when sessions of this key are remembered, unix time in ms: when the
   *     server started, or when it last forgot one that had been used within {@link
   *     Admission#AGE_MAX}. Calls sent before may have been executed already, so they are refused
   */
  public ServerSession(AuthKey key, long sessionId, Salts salts, Env env, long bootMillis) {
    this.sessionId = sessionId;
    this.salts = salts;
    this.env = env;
    this.admission = new Admission(received, env, bootMillis);
    this.outbox = new Outbox(key, Side.SERVER, sessionId, env, new MessageIds(env.clock(), 0));
    this.calls = new Calls(received, outbox);
  }

  /**
   * Takes a message that {@link Envelope#open} let through for this session.
   *
   * @return bytes of what it carried, all that was packed in it included; 0 when its salt or its
   *     msg_id was refused, and it was not looked into
   */
  public int receive(Message message, Sink sink) {
    if (message.sessionId() != sessionId) {
      throw new IllegalArgumentException("a message of another session");
    }
    long msgId = message.msgId();
    int seqno = message.seqno();
    if (!salts.accepts(message.salt())) {
      // "48: incorrect server salt (in this case, the bad_server_salt response is received with the
      // correct salt, and the message is to be re-sent with it)."
      reply(new BadServerSalt(msgId, seqno, BadMessage.SALT, salts.current()));
      return 0;
    }
    int error = admission.packet(msgId);
    if (error != Admission.NEW) {
      refuse(msgId, seqno, error);
      return 0;
    }
    Incoming incoming = new Incoming(UNPACKED_BYTES_MAX);
    Body body = incoming.open(message.body());
    if (body.value() instanceof Decoded.Value(MsgContainer(List<ContainerMessage> messages))) {
      container(msgId, seqno, messages, incoming, sink);
    } else if (Incoming.isContainer(message.body())) {
      refuse(msgId, seqno, BadMessage.CONTAINER); // unreadable
    } else {
      message(msgId, seqno, body, sink);
    }
    return incoming.bytes(message.body());
  }

  private void container(
      long msgId, int seqno, List<ContainerMessage> messages, Incoming incoming, Sink sink) {
    int error = admission.container(msgId, seqno, messages);
    if (error != Admission.NEW) {
      refuse(msgId, seqno, error);
      return;
    }
    begin(
        messages.stream().mapToLong(ContainerMessage::msgId).min().orElse(msgId),
        messages.stream().mapToInt(ContainerMessage::seqno).min().orElse(seqno));
    accept(msgId, seqno, Fate.NONE);
    for (ContainerMessage inner : messages) {
      message(inner.msgId(), inner.seqno(), incoming.open(inner.body()), sink);
    }
  }

  private void message(long msgId, int seqno, Body body, Sink sink) {
    TlObject value = body.value() instanceof Decoded.Value(TlObject object) ? object : null;
    if (value instanceof MsgContainer) {
      refuse(msgId, seqno, BadMessage.CONTAINER); // packed, inside a container
      return;
    }
    int verdict = admission.message(msgId, seqno, value);
    boolean answered = verdict == BadMessage.TOO_OLD && calls.isAnswerKept(msgId);
    if (verdict == Admission.DUPLICATE && calls.readAgain(msgId)) {
      acknowledge(msgId, seqno);
      execute(msgId, body, sink);
    } else if (verdict == Admission.DUPLICATE || answered) {
      repeated(msgId, seqno);
    } else if (verdict != Admission.NEW) {
      refuse(msgId, seqno, verdict);
    } else {
      begin(msgId, seqno);
      accept(msgId, seqno, fate(body.value(), seqno));
      execute(msgId, body, sink);
    }
  }

  private void execute(long msgId, Body body, Sink sink) {
    switch (body.value()) {
      case Decoded.Value(TlObject object) -> execute(msgId, object, body.bytes(), sink);
      case Decoded.Unknown _ -> sink.unknown(msgId, body.layer());
      case Decoded.Malformed _ when received.fate(msgId, Fate.NONE) == Fate.RUNNING ->
          answer(msgId, INPUT_FETCH_ERROR, sink);
      case Decoded.Malformed _ -> {}
    }
  }

  /** Whether somebody waits for an rpc_result, and of what kind. */
  private static Fate fate(Decoded body, int seqno) {
    return switch (body) {
      case Decoded.Value(TlObject object) when Admission.isApiCall(object) ->
          Admission.onlyReads(object) ? Fate.READING : Fate.RUNNING;
      case Decoded.Value(TlObject object) ->
          object instanceof RpcDropAnswer ? Fate.RUNNING : Fate.NONE;
      case Decoded.Unknown _ -> Fate.RUNNING;
      case Decoded.Malformed _ -> (seqno & 1) == 1 ? Fate.RUNNING : Fate.NONE;
    };
  }

  /**
   * @param lowest the least msg_id of the packet, and the least seqno
   */
  private void begin(long lowest, int seqno) {
    if (!created) {
      created = true;
      resumed = seqno > 1;
      // "first_msg_id: messages with a lower msg_id must be sent again." So none of them is taken
      // any more, however late it comes: the client's second try would execute it twice.
      received.raiseFloor(lowest);
      long first = Math.max(lowest, admission.bootMsgId());
      var notice = new NewSessionCreated(first, env.random().nextLong(), salts.current());
      outbox.add(new Outgoing(Kind.NOTICE, Tl.encode(notice, Layer.NEWEST), 0));
    }
  }

  private void accept(long msgId, int seqno, Fate fate) {
    admission.accept(msgId, seqno, fate);
    acknowledge(msgId, seqno);
  }

  private void repeated(long msgId, int seqno) {
    TlObject told = calls.repeat(msgId);
    if (told != null) {
      reply(told);
    }
    acknowledge(msgId, seqno);
  }

  private void acknowledge(long msgId, int seqno) {
    if ((seqno & 1) == 1) {
      outbox.acks().add(msgId, env.clock().millis());
    }
  }

  private void execute(long msgId, TlObject body, int bytes, Sink sink) {
    switch (body) {
      case MsgsAck(List<Long> msgIds) when msgIds.size() <= Outbox.IDS_MAX ->
          msgIds.forEach(this::acknowledged);
      case Ping(long pingId) -> reply(new Pong(msgId, pingId));
      case PingDelayDisconnect(long pingId, int delay) -> {
        reply(new Pong(msgId, pingId));
        sink.disconnectAfter(Duration.ofSeconds(Math.max(0, delay)));
      }
      case MsgsStateReq(List<Long> msgIds) when msgIds.size() <= Outbox.IDS_MAX ->
          reply(new MsgsStateInfo(msgId, calls.states(msgIds)));
      case MsgResendReq(List<Long> msgIds) when msgIds.size() <= Outbox.IDS_MAX ->
          resend(msgId, msgIds);
      case GetFutureSalts(int count) ->
          reply(new FutureSalts(msgId, env.unixSeconds(), salts.future(count)));
      case DestroySession(long other) ->
          // "The current session cannot be destroyed in this way."
          reply(
              other != sessionId && sink.destroySession(other)
                  ? new DestroySessionOk(other)
                  : new DestroySessionNone(other));
      case RpcDropAnswer(long reqMsgId) ->
          answer(msgId, Tl.encode(calls.drop(reqMsgId), Layer.NEWEST), sink);
      case TlMethod<?> call -> sink.request(msgId, call, bytes);
      // http_wait asks nothing of a stream; msgs_all_info and the like tell what we did not ask;
      // a vector of more than 8192 ids is not looked at.
      default -> {}
    }
  }

  private void acknowledged(long msgId) {
    Outgoing message = outbox.take(msgId);
    if (message != null && message.kind == Kind.ANSWER) {
      calls.settle(message.call);
    }
  }

  /**
   * "Re-sends the requested messages; if one does not exist or has been forgotten, msgs_state_info
   * is sent as if msg_resend_req had been msgs_state_req."
   */
  private void resend(long msgId, List<Long> msgIds) {
    boolean all = true;
    for (long wanted : msgIds) {
      all &= outbox.sendAgain(wanted);
    }
    if (!all) {
      reply(new MsgsStateInfo(msgId, calls.states(msgIds)));
    }
  }

  /**
   * Answers a call that the sink was handed.
   *
   * @param result the boxed result or rpc_error
   */
  public void answer(long reqMsgId, byte[] result, Sink sink) {
    calls.answer(reqMsgId, result);
    boundWaiting(sink);
  }

  /**
   * Answers a call of MTProto itself, as which destroy_auth_key came: not as its rpc_result, and
   * once.
   */
  public void tell(long reqMsgId, byte[] answer) {
    calls.settle(reqMsgId);
    outbox.add(new Outgoing(Kind.SERVICE, answer, 0));
  }

  /** Sends updates, in the client's layer; dropped when the client is too far behind. */
  public void push(byte[] updates, Sink sink) {
    outbox.add(new Outgoing(Kind.PUSH, updates, 0));
    boundWaiting(sink);
  }

  /**
   * Whether the client has used the session before and we know nothing of it: its first message is
   * not the first that it numbered. What was pushed to it then may never have arrived.
   */
  public boolean isResumed() {
    return resumed;
  }

  /** Bytes held for the client: they wait to be sent, or were sent and are not acknowledged. */
  public int heldBytes() {
    return outbox.waitingBytes() + outbox.keptBytes();
  }

  private void boundWaiting(Sink sink) {
    if (waitingFits()) {
      return;
    }
    if (outbox.removeIf(message -> message.kind == Kind.PUSH && message.msgId == 0)) {
      sink.lagging();
    }
    while (!waitingFits()) {
      forget(outbox.takeFirstWaiting());
    }
  }

  private boolean waitingFits() {
    return outbox.waiting() <= WAITING_MESSAGES_MAX && outbox.waitingBytes() <= WAITING_BYTES_MAX;
  }

  /** A message is let go, and nobody knows whether the client has it. */
  private void forget(Outgoing message) {
    if (message.kind == Kind.ANSWER) {
      calls.forget(message);
    } else if (message.kind == Kind.PUSH) {
      pushLost = true;
    }
  }

  /**
   * A new connection carries the session: what the old one may have lost goes again. Best called
   * before {@link #receive} of what the new one brought first, often acknowledgements.
   */
  public void attached(Sink sink) {
    if (pushLost) {
      pushLost = false;
      outbox.removeIf(message -> message.kind == Kind.PUSH);
      sink.lagging();
    }
    outbox.kept(_ -> true).forEach(message -> message.due = true);
  }

  /** Sends all that waits: after any of the other methods, or once after several of them. */
  public void flush(Sink sink) {
    outbox.flush(salts.current(), sink::send);
    while (outbox.kept() > KEPT_MESSAGES_MAX || outbox.keptBytes() > KEPT_BYTES_MAX) {
      forget(outbox.takeLeast());
    }
    long now = env.clock().millis();
    if (!outbox.acks().isEmpty() && wakeMillis <= now) {
      wakeMillis = outbox.acks().dueMillis();
      sink.flushAfter(Duration.ofMillis(wakeMillis - now));
    }
  }

  private void refuse(long msgId, int seqno, int errorCode) {
    reply(new BadMsgNotification(msgId, seqno, errorCode));
  }

  private void reply(TlObject message) {
    // Without a flush in between a client could ask for any number of them.
    if (outbox.waiting() < WAITING_MESSAGES_MAX && outbox.serviceBytes() < REPLY_BYTES_MAX) {
      outbox.service(message);
    }
  }
}

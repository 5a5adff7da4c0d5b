package dev.starling.mtproto;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.mtproto.Outgoing.Kind;
import dev.starling.mtproto.ReceivedWindow.Fate;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.RpcResult;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.mt.BadMsgNotification;
import dev.starling.tl.mt.BadServerSalt;
import dev.starling.tl.mt.MsgDetailedInfo;
import dev.starling.tl.mt.MsgNewDetailedInfo;
import dev.starling.tl.mt.MsgResendReq;
import dev.starling.tl.mt.NewSessionCreated;
import dev.starling.tl.mt.PingDelayDisconnect;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The client's side of a session, the mirror of {@link ServerSession}: calls go out until they are
 * answered, over as many connections as it takes, and each is answered once. All methods only
 * queue; packets leave in {@link #flush}.
 *
 * <p>Not thread-safe.
 */
public final class ClientSession {
  /** Calls without an answer; more would overrun the server's window of received ids. */
  public static final int CALLS_MAX = 512;

  /** How often a call may be refused before it is given up: each refusal names what was mended. */
  static final int REFUSALS_MAX = 8;

  /** How often the server is asked for a sign of life. */
  static final Duration PING_INTERVAL = Duration.ofSeconds(30);

  /** A connection that brings nothing for so long is given up. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  /** The server closes the connection after two pings that it did not hear, seconds. */
  static final int DISCONNECT_SECONDS = 75;

  /** What the packed bodies of a packet may unpack to, together; a part of a file is 1 MiB. */
  private static final int UNPACKED_BYTES_MAX = 16 << 20;

  /** The clock is right enough: the way of a packet takes time too. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  /** By what a seqno that was too low or too high is corrected, as other clients do. */
  private static final int SEQNO_RAISE = 64;

  private static final int SEQNO_LOWER = 16;

  private final long sessionId;
  private final Env env;
  private final MessageIds ids;
  private final ReceivedWindow received = new ReceivedWindow();
  private final Outbox outbox;
  private long salt;
  private long lastCall;
  private int openCalls;
  private long newestAccepted;
  private long heardMillis;
  private long pingMillis;
  private long wakeMillis;

  /** What the session wants done. It is called within the session's own methods, and only there. */
  public interface Sink {
    /** An encrypted packet for the connection. */
    void send(byte[] packet);

    /** A call's boxed result, or rpc_error, unpacked. */
    void result(long call, byte[] result);

    /** A call was given up; it may or may not have been executed. */
    void failed(long call, String why);

    /** A push. */
    void update(AnyUpdates updates);

    /** Pushes may have been missed: it is time to get the difference. */
    void missed();

    /** The connection is dead: another must be made, and {@link #attached} called. */
    void silent();

    /** {@link #flush} is to be called again after {@code delay}, whatever happens until then. */
    void flushAfter(Duration delay);
  }

  /**
   * @param salt what the handshake or a former session ended with
   * @param timeOffsetMillis how far the server's clock is ahead
   */
  public ClientSession(AuthKey key, long sessionId, long salt, long timeOffsetMillis, Env env) {
    this.sessionId = sessionId;
    this.salt = salt;
    this.env = env;
    this.ids = new MessageIds(env.clock(), timeOffsetMillis);
    this.outbox = new Outbox(key, Side.CLIENT, sessionId, env, ids);
    this.heardMillis = env.clock().millis();
    this.pingMillis = heardMillis;
  }

  public long sessionId() {
    return sessionId;
  }

  /** The salt to begin with next time. */
  public long salt() {
    return salt;
  }

  /** How far the server's clock is ahead, as far as is known. */
  public long timeOffsetMillis() {
    return ids.offsetMillis();
  }

  /** Calls without an answer; at most {@link #CALLS_MAX}. */
  public int openCalls() {
    return openCalls;
  }

  /** Queues a call in the newest layer. */
  public long call(TlMethod<?> method) {
    return call(Tl.encode(method, Layer.NEWEST));
  }

  /**
   * Queues a call.
   *
   * @return the number by which its answer is told; its msg_id may change
   * @throws IllegalStateException when {@link #CALLS_MAX} calls are open
   */
  public long call(byte[] body) {
    return call(new Outgoing(Kind.CALL, body, ++lastCall));
  }

  /**
   * Queues a call that holds its own msg_id, as auth.bindTempAuthKey does.
   *
   * @param body of a msg_id, always as long; asked again when that changes
   */
  public long call(LongFunction<byte[]> body) {
    Outgoing call = new Outgoing(Kind.CALL, body.apply(0), ++lastCall);
    call.bodyOf = body;
    return call(call);
  }

  private long call(Outgoing call) {
    if (openCalls == CALLS_MAX) {
      throw new IllegalStateException("too many open calls");
    }
    openCalls++;
    outbox.add(call);
    return call.call;
  }

  /** Takes a message that {@link Envelope#open} let through. */
  public void receive(Message message, Sink sink) {
    // "The client must check that the session_id is its own" and "that msg_id has odd parity". It
    // need not check the age: the window tells a message played again however old it is, and a
    // client whose clock is wrong hears so.
    if (message.sessionId() != sessionId || !isNew(message.msgId(), message.seqno())) {
      return;
    }
    heardMillis = env.clock().millis();
    Incoming incoming = new Incoming(UNPACKED_BYTES_MAX);
    Decoded body = incoming.open(message.body()).value();
    if (body instanceof Decoded.Value(MsgContainer(List<ContainerMessage> messages))) {
      for (ContainerMessage inner : messages) {
        if (isNew(inner.msgId(), inner.seqno())) {
          execute(incoming.open(inner.body()).value(), message.msgId(), incoming, sink);
        }
      }
    } else {
      execute(body, message.msgId(), incoming, sink);
    }
  }

  /** Notes a message as received; one that was received before is only acknowledged again. */
  private boolean isNew(long msgId, int seqno) {
    if ((msgId & 1) == 0) {
      return false;
    }
    if ((seqno & 1) == 1) {
      outbox.acks().add(msgId, env.clock().millis());
    }
    if (received.contains(msgId) || received.isBelow(msgId)) {
      return false;
    }
    long horizon = MessageIds.at(ids.nowMillis() - Admission.AGE_MAX.toMillis());
    received.add(msgId, seqno, Fate.NONE, horizon);
    return true;
  }

  private void execute(Decoded body, long packetMsgId, Incoming incoming, Sink sink) {
    if (!(body instanceof Decoded.Value(TlObject value))) {
      sink.missed(); // a push that this layer cannot read
      return;
    }
    switch (value) {
      case RpcResult result -> answered(result, incoming, sink);
      case NewSessionCreated created -> created(created, sink);
      case BadServerSalt bad -> {
        salt = bad.newServerSalt();
        refused(bad.badMsgId(), false, bad.errorCode(), sink);
      }
      case BadMsgNotification bad -> {
        mend(bad.errorCode(), packetMsgId);
        refused(bad.badMsgId(), true, bad.errorCode(), sink);
      }
      case MsgDetailedInfo info -> announced(info.answerMsgId());
      case MsgNewDetailedInfo info -> announced(info.answerMsgId());
      case AnyUpdates updates -> sink.update(updates);
      default -> {} // acknowledgements: a call is kept until its answer comes
    }
  }

  private void answered(RpcResult result, Incoming incoming, Sink sink) {
    Outgoing call = outbox.take(result.reqMsgId());
    if (call == null) {
      return; // answered already, or sent anew under another msg_id
    }
    openCalls--;
    newestAccepted = Math.max(newestAccepted, call.msgId);
    byte[] plain = incoming.result(result.result());
    if (plain == null) {
      sink.failed(call.call, "unreadable gzip_packed");
    } else {
      sink.result(call.call, plain);
    }
  }

  /** "All messages with a msg_id lower than first_msg_id must be sent again." */
  private void created(NewSessionCreated created, Sink sink) {
    salt = created.serverSalt();
    for (Outgoing call : outbox.kept(call -> call.msgId < created.firstMsgId())) {
      outbox.sendAnew(call);
    }
    sink.missed();
  }

  private void mend(int errorCode, long packetMsgId) {
    switch (errorCode) {
      case BadMessage.ID_TOO_LOW, BadMessage.ID_TOO_HIGH -> {
        // "The client time is to be corrected by the msg_id of the notification."
        long serverMillis = MessageIds.millis(packetMsgId);
        if (Math.abs(serverMillis - ids.nowMillis()) > CLOCK_TOLERANCE.toMillis()) {
          ids.correct(serverMillis, newestAccepted);
        }
      }
      case BadMessage.SEQNO_TOO_LOW -> outbox.shiftSeqno(SEQNO_RAISE);
      case BadMessage.SEQNO_TOO_HIGH -> outbox.shiftSeqno(-SEQNO_LOWER);
      default -> {}
    }
  }

  /** A message of ours, or the container of several, was refused. */
  private void refused(long badMsgId, boolean anew, int errorCode, Sink sink) {
    for (Outgoing call : outbox.kept(c -> c.msgId == badMsgId || c.carrier == badMsgId)) {
      if (++call.refusals > REFUSALS_MAX) {
        outbox.take(call.msgId);
        openCalls--;
        sink.failed(call.call, "refused with error_code " + errorCode);
      } else if (anew) {
        outbox.sendAnew(call);
      } else {
        call.due = true;
      }
    }
  }

  /** "Informs of an answer that was generated earlier and not sent: the client may request it." */
  private void announced(long answerMsgId) {
    if (received.contains(answerMsgId)) {
      outbox.acks().add(answerMsgId, env.clock().millis());
    } else {
      outbox.service(new MsgResendReq(List.of(answerMsgId)));
    }
  }

  /** A new connection carries the session: calls without an answer go again. */
  public void attached() {
    heardMillis = env.clock().millis();
    pingMillis =
        heardMillis - PING_INTERVAL.toMillis(); // at once: the server is to know the connection
    for (Outgoing call : outbox.kept(_ -> true)) {
      call.due = true;
    }
  }

  /** Sends all that waits: after any of the other methods, or once after several of them. */
  public void flush(Sink sink) {
    long now = env.clock().millis();
    if (now - heardMillis >= SILENCE_MAX.toMillis()) {
      heardMillis = now;
      sink.silent();
    }
    if (now - pingMillis >= PING_INTERVAL.toMillis()) {
      pingMillis = now;
      outbox.service(new PingDelayDisconnect(env.random().nextLong(), DISCONNECT_SECONDS));
    }
    outbox.flush(salt, sink::send);
    wake(now, sink);
  }

  private void wake(long now, Sink sink) {
    long next =
        Math.min(heardMillis + SILENCE_MAX.toMillis(), pingMillis + PING_INTERVAL.toMillis());
    if (!outbox.acks().isEmpty()) {
      next = Math.min(next, outbox.acks().dueMillis());
    }
    if (wakeMillis <= now || next < wakeMillis) {
      wakeMillis = next;
      sink.flushAfter(Duration.ofMillis(next - now));
    }
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.MsgContainer;
import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.RpcResult;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.BadMsgNotification;
import dev.starling.tl.mt.NewSessionCreated;
import dev.starling.tl.mt.RpcError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A server session, a client made by hand, and all that passes between them in the clear. */
final class ServerHarness implements ServerSession.Sink {
  static final AuthKey KEY = AuthKeyTest.SAMPLE;
  static final long SESSION = 0x5e5510;
  static final long OTHER_SESSION = 0x07e4;

  /** A message that the server sent. */
  record Sent(long packetMsgId, long msgId, int seqno, TlObject body, int bytes) {
    boolean inContainer() {
      return packetMsgId != msgId;
    }
  }

  final ManualClock clock = new ManualClock();
  final Env env = clock.env(7);
  final Salts salts = new Salts(KEY, env);
  ServerSession session = session(clock.millis() - 60_000);
  long salt = salts.current();

  final Map<Long, TlObject> requests = new LinkedHashMap<>();
  final List<Integer> unknown = new ArrayList<>();
  final List<Duration> disconnects = new ArrayList<>();
  final List<Long> destroyed = new ArrayList<>();
  final List<Duration> wakes = new ArrayList<>();
  final List<byte[]> packets = new ArrayList<>();
  int lags;
  int requestBytes;

  private long lastId;
  private int content;
  private int read;

  ServerSession session(long bootMillis) {
    return new ServerSession(KEY, SESSION, salts, env, bootMillis);
  }

  /** A client msg_id of now. */
  long id() {
    lastId = Math.max(MessageIds.at(clock.millis()), lastId + 4);
    return lastId;
  }

  /** A client msg_id made that long ago, or ahead of now when negative. */
  long idAgo(Duration ago) {
    return MessageIds.at(clock.millis() - ago.toMillis());
  }

  int odd() {
    return 2 * content++ + 1;
  }

  int even() {
    return 2 * content;
  }

  /** Sends a call and answers its msg_id. */
  long call(TlObject call) {
    long msgId = id();
    take(msgId, odd(), call);
    return msgId;
  }

  /** Sends a message that asks for no acknowledgement and answers its msg_id. */
  long service(TlObject body) {
    long msgId = id();
    take(msgId, even(), body);
    return msgId;
  }

  void take(long msgId, int seqno, TlObject body) {
    take(msgId, seqno, bytes(body));
  }

  void take(long msgId, int seqno, byte[] body) {
    session.receive(new Message(salt, SESSION, msgId, seqno, body), this);
  }

  static byte[] bytes(TlObject body) {
    return Tl.encode(body, Layer.NEWEST);
  }

  static ContainerMessage inner(long msgId, int seqno, TlObject body) {
    return new ContainerMessage(msgId, seqno, bytes(body));
  }

  static MsgContainer container(ContainerMessage... messages) {
    return new MsgContainer(List.of(messages));
  }

  /** Flushes and answers all messages of the packets since the last time. */
  List<Sent> flush() {
    session.flush(this);
    List<Sent> sent = new ArrayList<>();
    for (byte[] packet : packets.subList(read, packets.size())) {
      var message = assertInstanceOf(Message.class, Envelope.open(KEY, Side.SERVER, packet));
      assertEquals(SESSION, message.sessionId());
      assertEquals(salts.current(), message.salt());
      TlObject body = value(message.body());
      if (body instanceof MsgContainer(List<ContainerMessage> inside)) {
        assertEquals(0, message.seqno() & 1, "a container's seqno is even");
        for (ContainerMessage inner : inside) {
          sent.add(sent(message.msgId(), inner.msgId(), inner.seqno(), inner.body()));
        }
      } else {
        sent.add(sent(message.msgId(), message.msgId(), message.seqno(), message.body()));
      }
    }
    read = packets.size();
    return sent;
  }

  private static Sent sent(long packetMsgId, long msgId, int seqno, byte[] body) {
    return new Sent(packetMsgId, msgId, seqno, value(body), body.length);
  }

  static TlObject value(byte[] body) {
    return assertInstanceOf(Decoded.Value.class, Tl.decode(body)).value();
  }

  /** Flushes and answers the one message of that type. */
  <T extends TlObject> Sent flushOne(Class<T> type) {
    List<Sent> found = flush().stream().filter(sent -> type.isInstance(sent.body)).toList();
    assertEquals(1, found.size(), () -> "messages of " + type.getSimpleName());
    return found.getFirst();
  }

  /** Flushes and answers the only message of that type. */
  <T extends TlObject> T only(Class<T> type) {
    return type.cast(flushOne(type).body);
  }

  /** Begins the session and lets what it says about it pass. */
  ServerHarness begun() {
    service(new dev.starling.tl.mt.Ping(1));
    Sent created = flushOne(NewSessionCreated.class);
    service(new dev.starling.tl.mt.MsgsAck(List.of(created.msgId)));
    flush();
    return this;
  }

  /** Flushes and expects that the message was refused with that code and nothing executed. */
  void assertRefused(int errorCode, long msgId) {
    BadMsgNotification refused = only(BadMsgNotification.class);
    assertEquals(errorCode, refused.errorCode());
    assertEquals(msgId, refused.badMsgId());
    assertEquals(Map.of(), requests);
  }

  static RpcError error(Sent sent) {
    return assertInstanceOf(RpcError.class, value(((RpcResult) sent.body).result()));
  }

  @Override
  public void send(byte[] packet) {
    packets.add(packet);
  }

  @Override
  public void request(long reqMsgId, TlObject request, int bytes) {
    assertEquals(null, requests.put(reqMsgId, request), "executed twice");
    requestBytes += bytes;
  }

  @Override
  public void unknown(long reqMsgId, int layer) {
    unknown.add(layer);
  }

  @Override
  public void disconnectAfter(Duration delay) {
    disconnects.add(delay);
  }

  @Override
  public boolean destroySession(long sessionId) {
    destroyed.add(sessionId);
    return sessionId == OTHER_SESSION;
  }

  @Override
  public void flushAfter(Duration delay) {
    wakes.add(delay);
  }

  @Override
  public void lagging() {
    lags++;
  }
}

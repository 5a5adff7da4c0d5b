package dev.starling.messenger;

import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.ClientHandshake;
import dev.starling.mtproto.ClientSession;
import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Envelope.Opened;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.Greeting;
import dev.starling.mtproto.KeyBinding;
import dev.starling.mtproto.PacketSink;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.PublicKey;
import dev.starling.mtproto.Side;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.TlReader;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.AuthBindTempAuthKey;
import dev.starling.tl.mt.BindAuthKeyInner;
import dev.starling.tl.mt.PingDelayDisconnect;
import dev.starling.tl.mt.RpcError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The client's machines over a blocking socket; everything happens on the test's thread. */
final class TestClient implements AutoCloseable, ClientSession.Sink {
  /** A test that waits so long for a byte has failed. */
  private static final int PATIENCE_MILLIS = 30_000;

  private final Env env;
  private final InetSocketAddress server;
  private final Way way;
  private final Map<Long, byte[]> results = new HashMap<>();
  private final Deque<byte[]> packets = new ArrayDeque<>();
  final Deque<AnyUpdates> updates = new ArrayDeque<>();
  private Socket socket;
  private ClientTransport transport;
  private @Nullable AuthKey key;
  private @Nullable ClientSession session;
  private int transportError;
  private boolean ended;
  final Deque<byte[]> sent = new ArrayDeque<>();
  final Set<Integer> quickAcks = new HashSet<>();
  boolean wantQuickAcks;
  boolean missed;
  long bytesRead;

  TestClient(InetSocketAddress server, Framing framing, @Nullable ProxySecret secret, Env env) {
    this(server, Way.of(framing, secret), env);
  }

  TestClient(InetSocketAddress server, Way way, Env env) {
    this.server = server;
    this.way = way;
    this.env = env;
    this.transport = way.transport(env);
    this.socket = connect();
  }

  private Socket connect() {
    try {
      var connected = new Socket();
      connected.setReceiveBufferSize(64 << 10); // small, so that a slow reader is one soon
      connected.connect(server);
      connected.setSoTimeout(PATIENCE_MILLIS);
      if (way.tls()) {
        connected = encrypted(connected);
      }
      Greeting greeting = way.greeting(env);
      if (greeting != null) {
        greet(connected, greeting);
      }
      connected.getOutputStream().write(transport.opening());
      return connected;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Socket encrypted(Socket socket) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, null);
      Socket encrypted = context.getSocketFactory().createSocket(socket, "localhost", 443, true);
      ((SSLSocket) encrypted).startHandshake();
      return encrypted;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Whose certificate it is does not matter here. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static void greet(Socket socket, Greeting greeting) throws IOException {
    socket.getOutputStream().write(greeting.opening());
    byte[] buffer = new byte[4096];
    while (true) {
      int count = socket.getInputStream().read(buffer);
      switch (greeting.receive(buffer, 0, count)) {
        case Greeting.Progress.More() -> {}
        case Greeting.Progress.Welcome(byte[] rest) when rest.length == 0 -> {
          return;
        }
        case Greeting.Progress.Welcome _ -> throw new AssertionError("the server speaks first");
        case Greeting.Progress.Failed(String why) -> throw new AssertionError(why);
      }
    }
  }

  /** Leaves and comes back: the same key and session over another connection. */
  void reconnect() {
    disconnect();
    packets.clear();
    transport = way.transport(env);
    socket = connect();
    session().attached();
    session().flush(this);
  }

  /** Makes an auth key and a session of it. */
  TestClient signUp(PublicKey serverKey) {
    ClientHandshake.Step.Done made = handshake(serverKey, 0);
    return resume(made.key(), made.salt(), env.random().nextLong());
  }

  /** Makes a temporary key and a session of it. */
  TestClient temporary(int expiresIn) {
    ClientHandshake.Step.Done made = handshake(TestGateway.SERVER_KEY.publicKey(), expiresIn);
    return resume(made.key(), made.salt(), env.random().nextLong());
  }

  private ClientHandshake.Step.Done handshake(PublicKey serverKey, int expiresIn) {
    ClientHandshake handshake = new ClientHandshake(List.of(serverKey), 2, expiresIn, env);
    TlObject next = handshake.start();
    while (true) {
      plain(next);
      switch (handshake.receive(plainAnswer())) {
        case ClientHandshake.Step.Send(TlObject message) -> next = message;
        case ClientHandshake.Step.Done done -> {
          return done;
        }
        case ClientHandshake.Step.Failed(String why) -> throw new AssertionError(why);
      }
    }
  }

  /** Sends auth.bindTempAuthKey and waits for the answer, as it is. */
  byte[] bind(AuthKey permanent, int expiresAt, UnaryOperator<KeyBinding> claims) {
    long nonce = env.random().nextLong();
    long call =
        session()
            .call(
                msgId -> {
                  var inner =
                      new BindAuthKeyInner(
                          nonce, key().id(), permanent.id(), session().sessionId(), expiresAt);
                  byte[] sealed =
                      claims.apply(new KeyBinding(msgId, inner)).seal(permanent, env.random());
                  return Tl.encode(
                      new AuthBindTempAuthKey(permanent.id(), nonce, expiresAt, sealed),
                      Layer.NEWEST);
                });
    session().flush(this);
    return answer(call);
  }

  TestClient resume(AuthKey known, long salt, long sessionId) {
    key = known;
    session = new ClientSession(known, sessionId, salt, 0, env);
    return this;
  }

  /** Does as much of a handshake as makes the server compute. */
  void knock() {
    var serverKeys = List.of(TestGateway.SERVER_KEY.publicKey());
    ClientHandshake handshake = new ClientHandshake(serverKeys, 2, 0, env);
    plain(handshake.start());
    if (handshake.receive(plainAnswer()) instanceof ClientHandshake.Step.Send(TlObject next)) {
      plain(next);
    }
  }

  /** The transport error that comes first, 0 if a packet does. */
  int firstWord() {
    readUntil(() -> transportError != 0 || !packets.isEmpty());
    return transportError;
  }

  private void plain(TlObject message) {
    sendPacket(
        Envelope.plain((env.clock().millis() / 1000) << 32, Tl.encode(message, Layer.NEWEST)));
  }

  private TlObject plainAnswer() {
    readUntil(() -> !packets.isEmpty());
    if (Envelope.openPlain(packets.remove()) instanceof Opened.Plain(_, byte[] body)
        && Tl.decode(body, 0, body.length) instanceof Decoded.Value(TlObject value)) {
      return value;
    }
    throw new AssertionError("not a plain message");
  }

  AuthKey key() {
    return Objects.requireNonNull(key);
  }

  ClientSession session() {
    return Objects.requireNonNull(session);
  }

  /** Calls and waits for the answer, which must be a result. */
  <R> R call(TlMethod<R> method) {
    return result(method, begin(method));
  }

  /** Calls and waits for the answer, which must be an error. */
  RpcError refused(TlMethod<?> method) {
    return error(answer(begin(method)));
  }

  /** Sends a call. */
  long begin(TlMethod<?> method) {
    return begin(Tl.encode(method, Layer.NEWEST));
  }

  long begin(byte[] body) {
    long call = session().call(body);
    session().flush(this);
    return call;
  }

  <R> R result(TlMethod<R> method, long call) {
    byte[] body = answer(call);
    return method.readResult(new TlReader(body, 0, body.length));
  }

  static RpcError error(byte[] body) {
    if (Tl.decode(body, 0, body.length) instanceof Decoded.Value(RpcError error)) {
      return error;
    }
    throw new AssertionError("not an error");
  }

  byte[] answer(long call) {
    readUntil(() -> results.containsKey(call));
    return Objects.requireNonNull(results.remove(call));
  }

  AnyUpdates nextUpdate() {
    readUntil(() -> !updates.isEmpty());
    return updates.remove();
  }

  /** The transport error that the server ends with. */
  int transportError() {
    readUntil(() -> transportError != 0);
    return transportError;
  }

  /** Reads until the server ends the stream. */
  void readToEnd() {
    readUntil(() -> ended);
  }

  /** Asks the server to close unless it hears of us within {@code seconds}. */
  void pingDelayDisconnect(int seconds) {
    begin(Tl.encode(new PingDelayDisconnect(1, seconds), Layer.NEWEST));
  }

  /** Sends a packet as it is. */
  void sendPacket(byte[] packet) {
    sent.add(packet);
    sendBytes(transport.frame(packet, wantQuickAcks));
  }

  void sendBytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads and obeys until {@code done}; fails when nothing comes for long, or the server has ended
   * the stream.
   */
  void readUntil(BooleanSupplier done) {
    byte[] buffer = new byte[64 << 10];
    while (!done.getAsBoolean()) {
      int count;
      try {
        count = ended ? -1 : socket.getInputStream().read(buffer);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (count < 0) {
        if (ended) {
          throw new AssertionError("the server has ended the stream");
        }
        ended = true;
        continue;
      }
      bytesRead += count;
      switch (transport.receive(buffer, 0, count, new Arrivals())) {
        case ClientTransport.Verdict.Continue() -> {}
        case ClientTransport.Verdict.Drop(String reason) -> throw new AssertionError(reason);
        case ClientTransport.Verdict.TransportError(int code) -> transportError = code;
      }
      if (session != null) {
        packets.forEach(this::open);
        packets.clear();
        session.flush(this);
      }
    }
  }

  private final class Arrivals implements PacketSink {
    @Override
    public void packet(byte[] packet, boolean quickAckRequested) {
      packets.add(packet);
    }

    @Override
    public void quickAck(int token) {
      quickAcks.add(token);
    }
  }

  private void open(byte[] packet) {
    switch (Envelope.open(key(), Side.SERVER, packet)) {
      case Opened.Message message -> session().receive(message, this);
      case Opened other -> throw new AssertionError(other);
    }
  }

  @Override
  public void send(byte[] packet) {
    sendPacket(packet);
  }

  @Override
  public void result(long call, byte[] result) {
    results.put(call, result);
  }

  @Override
  public void failed(long call, String why) {
    throw new AssertionError(why);
  }

  @Override
  public void update(AnyUpdates update) {
    updates.add(update);
  }

  @Override
  public void missed() {
    missed = true;
  }

  @Override
  public void silent() {
    throw new AssertionError("the server is silent");
  }

  @Override
  public void flushAfter(Duration delay) {}

  /** Leaves without a word. */
  void disconnect() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    disconnect();
  }
}

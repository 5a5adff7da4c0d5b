package dev.starling.client;

import static java.util.Objects.requireNonNull;

import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Envelope.Opened;
import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.KeyBinding;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.PublicKey;
import dev.starling.mtproto.Salts;
import dev.starling.mtproto.ServerHandshake;
import dev.starling.mtproto.ServerHandshake.Step;
import dev.starling.mtproto.ServerKey;
import dev.starling.mtproto.ServerSession;
import dev.starling.mtproto.ServerTransport;
import dev.starling.mtproto.ServerTransport.Verdict;
import dev.starling.mtproto.Side;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.AuthBindTempAuthKey;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.mt.BindAuthKeyInner;
import dev.starling.tl.mt.RpcError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server made of the server's machines, one thread a connection, all under one lock. */
final class FakeServer implements AutoCloseable {
  /** Making one takes a while. */
  static final ServerKey KEY = ServerKey.generate(new Random(1));

  /** A call that was handed out for execution. */
  record Request(long sessionId, long msgId, TlMethod<?> method) {}

  private final List<ProxySecret> secrets;
  private final Env env;
  private final ServerSocket listening;
  private final Map<Long, AuthKey> keys = new HashMap<>();
  private final Map<Long, Long> permanentOf = new HashMap<>();
  private final Map<Long, Salts> salts = new HashMap<>();
  private final Map<Long, Session> sessions = new HashMap<>();
  private final List<Connection> connections = new ArrayList<>();
  private int error = -404;
  private long bootMillis;

  /** Calls that {@link #answer} left alone, and all others too, in the order of their execution. */
  final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  /** Answers a call: boxed result or rpc_error; null to leave it without an answer. */
  volatile Function<TlMethod<?>, byte @Nullable []> answer =
      _ -> error(501, "METHOD_NOT_SUPPORTED");

  FakeServer(List<ProxySecret> secrets, Env env) throws IOException {
    this.secrets = secrets;
    this.env = env;
    this.bootMillis = env.clock().millis() - 60_000;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  static <R> byte[] result(TlMethod<R> method, R result) {
    return Tl.encodeResult(method, result, Layer.NEWEST);
  }

  static byte[] error(int code, String message) {
    return Tl.encode(new RpcError(code, message), Layer.NEWEST);
  }

  Settings settings(@Nullable ProxySecret secret) {
    return settings(secret, KEY.publicKey());
  }

  Settings settings(@Nullable ProxySecret secret, PublicKey key) {
    return settings(secret, Endpoint.Transport.INTERMEDIATE, key);
  }

  Settings settings(@Nullable ProxySecret secret, Endpoint.Transport transport, PublicKey key) {
    Endpoint endpoint =
        new Endpoint(
            listening.getInetAddress().getHostAddress(),
            listening.getLocalPort(),
            2,
            secret,
            transport);
    return new Settings(endpoint, List.of(key), new Device(1, "hash", "test", "test", "1", "en"));
  }

  /** Ends all connections; sessions stay. */
  synchronized void cut() {
    connections.forEach(Connection::close);
    connections.clear();
  }

  /** As a restart does: sessions are forgotten, keys are not. */
  synchronized void restart() {
    cut();
    sessions.clear();
    bootMillis = env.clock().millis();
  }

  /** The permanent keys that the temporary ones speak for, in no order; 0 for none. */
  synchronized List<Long> bindings() {
    return List.copyOf(permanentOf.values());
  }

  /** As when their time is over. */
  synchronized void forgetTemporaryKeys() {
    keys.keySet().removeAll(permanentOf.keySet());
  }

  synchronized void forgetKeys() {
    keys.clear();
  }

  synchronized void push(AnyUpdates updates) {
    byte[] body = Tl.encode(updates, Layer.NEWEST);
    for (Session session : sessions.values()) {
      session.machine.push(body, session);
      session.machine.flush(session);
    }
  }

  /** The transport error by which clients are refused from now on. */
  synchronized void refuseBy(int code) {
    keys.clear();
    error = code;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        Connection connection = new Connection(socket);
        synchronized (this) {
          connections.add(connection);
        }
        Thread.ofVirtual().start(connection);
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }

  private final class Connection implements Runnable {
    private final Socket socket;
    private final ServerTransport transport =
        new ServerTransport(secrets, new FakeTls(secrets, env), this::write);
    private final ServerHandshake handshake =
        new ServerHandshake(List.of(KEY), keys::containsKey, env);

    Connection(Socket socket) {
      this.socket = socket;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[1000];
      try (socket) {
        for (int length = read(buffer); length >= 0; length = read(buffer)) {
          synchronized (FakeServer.this) {
            Verdict verdict = transport.receive(buffer, 0, length, (packet, _) -> take(packet));
            if (verdict instanceof Verdict.Drop) {
              return;
            }
          }
        }
      } catch (IOException _) {
        // The client is gone, or was cut.
      }
    }

    private int read(byte[] buffer) throws IOException {
      return socket.getInputStream().read(buffer);
    }

    private void take(byte[] packet) {
      long keyId = Envelope.authKeyId(packet);
      AuthKey key = keys.get(keyId);
      if (keyId == 0) {
        shakeHands(packet);
      } else if (key == null) {
        refuse();
      } else if (Envelope.open(key, Side.CLIENT, packet) instanceof Opened.Message message) {
        Session session = sessions.computeIfAbsent(message.sessionId(), id -> new Session(key, id));
        if (session.connection != this) {
          session.connection = this;
          session.machine.attached(session);
        }
        session.machine.receive(message, session);
        session.machine.flush(session);
      }
    }

    private void shakeHands(byte[] packet) {
      if (!(Envelope.openPlain(packet) instanceof Opened.Plain plain)
          || !(Tl.decode(plain.body()) instanceof Decoded.Value(TlObject value))) {
        refuse();
        return;
      }
      shaken(handshake.receive(value));
    }

    private void shaken(Step step) {
      switch (step) {
        case Step.Costly costly -> shaken(costly.rest().get());
        case Step.Reply(TlObject reply) -> plain(reply);
        case Step.Done done -> {
          keys.put(done.key().id(), done.key());
          if (done.expiresIn() > 0) {
            permanentOf.put(done.key().id(), 0L);
          }
          Salts own = new Salts(done.key(), env);
          own.acceptHandshakeSalt(done.salt());
          salts.put(done.key().id(), own);
          plain(done.answer());
        }
        case Step.Refuse() -> refuse();
      }
    }

    private void plain(TlObject message) {
      long msgId = ((long) env.unixSeconds() << 32) | 1;
      write(transport.frame(Envelope.plain(msgId, Tl.encode(message, Layer.NEWEST)), env.random()));
    }

    private void refuse() {
      write(transport.frameError(error));
      close();
    }

    void send(byte[] packet) {
      write(transport.frame(packet, env.random()));
    }

    private void write(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException _) {
        // The reading side notices.
      }
    }

    void close() {
      try {
        socket.close();
      } catch (IOException _) {
        // It is closed all the same.
      }
    }
  }

  private final class Session implements ServerSession.Sink {
    final long id;
    private final long keyId;
    final ServerSession machine;
    @Nullable Connection connection;

    Session(AuthKey key, long id) {
      this.id = id;
      this.keyId = key.id();
      Salts own = requireNonNull(salts.get(key.id()));
      this.machine = new ServerSession(key, id, own, env, bootMillis);
    }

    @Override
    public void send(byte[] packet) {
      if (connection != null) {
        connection.send(packet);
      }
    }

    @Override
    public void request(long reqMsgId, TlObject request, int bytes) {
      TlMethod<?> method = unwrapped((TlMethod<?>) request);
      byte[] body;
      if (method instanceof AuthBindTempAuthKey bind) {
        body = bound(reqMsgId, bind);
      } else if (permanentOf.getOrDefault(keyId, 1L) == 0) {
        body = error(401, "AUTH_KEY_PERM_EMPTY");
      } else if (method instanceof HelpGetConfig config) {
        body = result(config, config.emptyResult());
      } else {
        body = answer.apply(method);
        requests.add(new Request(id, reqMsgId, method));
      }
      if (body != null) {
        machine.answer(reqMsgId, body, this);
      }
    }

    private byte[] bound(long msgId, AuthBindTempAuthKey m) {
      AuthKey permanent = keys.get(m.permAuthKeyId());
      var inner = new BindAuthKeyInner(m.nonce(), keyId, m.permAuthKeyId(), id, m.expiresAt());
      if (permanent == null
          || !new KeyBinding(msgId, inner)
              .equals(KeyBinding.open(permanent, m.encryptedMessage()))) {
        return error(400, "ENCRYPTED_MESSAGE_INVALID");
      }
      permanentOf.put(keyId, permanent.id());
      return result(m, true);
    }

    private TlMethod<?> unwrapped(TlMethod<?> method) {
      return switch (method) {
        case InvokeWithLayer<?> m -> unwrapped(m.query());
        case InitConnection<?> m -> unwrapped(m.query());
        default -> method;
      };
    }

    @Override
    public void unknown(long reqMsgId, int constructorId) {
      machine.answer(reqMsgId, error(400, "INPUT_METHOD_INVALID"), this);
    }

    @Override
    public void disconnectAfter(Duration delay) {}

    @Override
    public boolean destroySession(long sessionId) {
      return sessions.remove(sessionId) != null;
    }

    @Override
    public void flushAfter(Duration delay) {}

    @Override
    public void lagging() {}
  }

  /** Answers a call that was left without an answer. */
  synchronized void answerLate(Request request, byte[] body) {
    Session session = sessions.get(request.sessionId());
    if (session != null) {
      session.machine.answer(request.msgId(), body, session);
      session.machine.flush(session);
    }
  }
}

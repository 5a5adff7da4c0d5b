package dev.starling.client;

import static java.util.Objects.requireNonNull;

import dev.starling.client.ClientException.Reason;
import dev.starling.mtproto.Env;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.Config;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InvokeWithLayer;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session with the service, over as many connections as it takes. Calls that have no answer
 * when a connection is lost are sent again over the next one, under the same msg_id where the
 * server still knows the session, so that they are executed once.
 *
 * <p>Thread-safe.
 */
public final class StarlingClient implements Calls, AutoCloseable {
  /** From the first packet to the answer of {@code help.getConfig}. */
  private static final Duration GREETING_MAX = Duration.ofSeconds(20);

  /** What auth.bindTempAuthKey says when the server has no such permanent key. */
  private static final String PERMANENT_REFUSED = "ENCRYPTED_MESSAGE_INVALID";

  private final Settings settings;
  private final Env env;
  private final SharedSession session;
  private final Backoff backoff;
  private final CompletableFuture<Config> greeted = new CompletableFuture<>();
  private final Thread reader;
  private volatile Consumer<Event> listener = _ -> {};
  private CompletableFuture<?> greeting = CompletableFuture.completedFuture(null);

  private StarlingClient(Settings settings, Credentials credentials, Env env, Wire first) {
    this.settings = settings;
    this.env = env;
    this.session = new SharedSession(credentials, event -> listener.accept(event), env);
    this.backoff = new Backoff(env.random());
    this.reader = threads("client-reader").unstarted(() -> run(first));
  }

  /** A defect in one of its threads, or in the listener, ends the client. */
  private Thread.Builder threads(String name) {
    return Thread.ofVirtual()
        .name(name)
        .uncaughtExceptionHandler(
            (_, defect) -> end(new ClientException(Reason.FAILED, "a defect", defect)));
  }

  /**
   * Connects, makes an auth key unless one is given, and introduces itself.
   *
   * @param kept what {@link #credentials} told of a former connection; null to begin anew
   * @throws ClientException if the first attempt fails; nothing goes on then
   */
  public static StarlingClient connect(Settings settings, @Nullable Credentials kept, Env env) {
    StarlingClient client;
    try {
      Wire wire = Wire.open(settings.endpoint(), env);
      try {
        Credentials credentials = kept != null ? kept : new KeyExchange(wire, settings, env).run(0);
        client = new StarlingClient(settings, credentials, env, wire);
      } catch (IOException | RuntimeException e) {
        wire.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ClientException(Reason.UNREACHABLE, reason(e));
    }
    client.start();
    return client;
  }

  private void start() {
    reader.start();
    threads("client-writer").start(this::write);
    var timer =
        env.scheduler()
            .after(GREETING_MAX, () -> end(new ClientException(Reason.UNREACHABLE, "no answer")));
    try {
      Calls.await(greeted);
    } catch (RuntimeException e) {
      close();
      throw e;
    } finally {
      timer.cancel();
    }
  }

  /**
   * Sets who hears of pushes and of the connection: called on the reading thread, it must not
   * block.
   */
  public void listen(Consumer<Event> listener) {
    this.listener = listener;
  }

  /** What the service said of itself when the connection was first made. */
  public Config config() {
    return greeted.join();
  }

  /** What to keep for the next time. */
  public Credentials credentials() {
    return session.credentials();
  }

  @Override
  public <R> CompletableFuture<R> send(TlMethod<R> method) {
    return session.send(method);
  }

  /** Ends the session's threads and fails what waits. The auth key stays good. */
  @Override
  public void close() {
    end(new ClientException(Reason.CLOSED, "closed"));
  }

  private void end(ClientException why) {
    if (session.end(why)) {
      reader.interrupt(); // it may be connecting, or waiting to
      greeted.completeExceptionally(why);
      listener.accept(new Event.Ended(why));
    }
  }

  private void run(Wire first) {
    for (Wire next = first; next != null; ) {
      String why = serve(next);
      next.close();
      next = reconnect(why);
    }
  }

  /** Reads a connection until it ends; answers why it did. */
  private String serve(Wire connection) {
    try {
      renewKey(connection);
      if (!session.attach(connection)) {
        return "closed";
      }
      introduce();
      while (true) {
        connection.read().forEach(session::receive);
      }
    } catch (ClientException e) {
      end(e); // who answers the handshake is not to be trusted
      return requireNonNull(e.getMessage());
    } catch (Wire.TransportException e) {
      switch (e.code) {
        case Wire.UNKNOWN_KEY -> keyUnknown(e);
        case Wire.WRONG_DC -> end(new ClientException(Reason.WRONG_DC, reason(e)));
        case Wire.FLOOD -> backoff.flooded();
        default -> {}
      }
      return reason(e);
    } catch (IOException e) {
      return reason(e);
    } finally {
      session.detach();
    }
  }

  /** Makes a temporary key, if one is due, and has the permanent one vouch for it. */
  private void renewKey(Wire connection) throws IOException {
    int seconds = settings.keySeconds();
    if (seconds == 0 || !session.needsTemporaryKey()) {
      return;
    }
    Credentials made = new KeyExchange(connection, settings, env).run(seconds);
    TemporaryKey fresh = TemporaryKey.of(made, seconds, env);
    var _ =
        session
            .renew(fresh)
            .whenComplete((bound, refusal) -> renewed(connection, fresh, bound, refusal));
  }

  private void renewed(
      Wire connection, TemporaryKey fresh, @Nullable Boolean bound, @Nullable Throwable refusal) {
    if (Boolean.TRUE.equals(bound)) {
      session.bound();
      Duration life = Duration.ofMillis(fresh.renewMillis() - env.clock().millis());
      env.scheduler().after(life.isNegative() ? Duration.ZERO : life, () -> session.drain(fresh));
    } else if (refusal instanceof RpcException e && e.error().equals(PERMANENT_REFUSED)) {
      end(new ClientException(Reason.KEY_FORGOTTEN, "the server does not know the permanent key"));
    } else if (refusal instanceof RpcException) {
      session.forgetTemporaryKey();
      connection.close(); // the next one makes another
    }
  }

  /** Of a temporary key it says nothing about the permanent one: binding another does. */
  private void keyUnknown(IOException e) {
    if (settings.keySeconds() == 0) {
      end(new ClientException(Reason.KEY_FORGOTTEN, reason(e)));
    } else {
      session.forgetTemporaryKey();
    }
  }

  /** Tells the layer and who we are; that there is an answer shows that the connection is good. */
  private void introduce() {
    if (!greeting.isDone()) {
      return; // it is among what is sent again
    }
    Device device = settings.device();
    TlMethod<Config> hello =
        InitConnection.of(
            device.apiId(),
            device.model(),
            device.system(),
            device.appVersion(),
            device.language(),
            "", // lang_pack: texts are ours
            device.language(),
            new HelpGetConfig());
    greeting =
        send(new InvokeWithLayer<>(Layer.NEWEST.number(), hello)).whenComplete(this::introduced);
  }

  private void introduced(@Nullable Config config, @Nullable Throwable failure) {
    boolean first =
        config == null
            ? greeted.completeExceptionally(requireNonNull(failure))
            : greeted.complete(config);
    if (failure instanceof ClientException) {
      return;
    }
    backoff.reset();
    if (!first) {
      listener.accept(new Event.Restored());
    }
  }

  private @Nullable Wire reconnect(String why) {
    if (!greeted.isDone()) {
      end(new ClientException(Reason.UNREACHABLE, why));
    } else if (session.isOpen()) {
      listener.accept(new Event.Lost(why));
    }
    while (session.isOpen()) {
      try {
        pause(backoff.next());
        return Wire.open(settings.endpoint(), env);
      } catch (IOException _) {
        // Nobody there yet: on to the next attempt.
      } catch (InterruptedException _) {
        break; // only end() interrupts
      }
    }
    return null;
  }

  private void pause(Duration delay) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    env.scheduler().after(delay, over::countDown);
    over.await();
  }

  private void write() {
    List<byte[]> packets = new ArrayList<>();
    for (Wire to = session.flush(packets); to != null; to = session.flush(packets)) {
      try {
        to.send(packets);
      } catch (IOException _) {
        to.close(); // the reader notices and makes another
      }
      packets.clear();
    }
  }

  private static String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "unknown host";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}

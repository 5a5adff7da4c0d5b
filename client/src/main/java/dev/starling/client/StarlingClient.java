package dev.starling.client;

import static java.util.Objects.requireNonNull;

import dev.starling.client.ClientException.Reason;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.ClientSession;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Side;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Config;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InvokeWithLayer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session with the service, over as many connections as it takes. Calls that have no answer
 * when a connection is lost are sent again over the next one, under the same msg_id where the
 * server still knows the session, so that they are executed once.
 *
 * <p>Thread-safe. The machine inside is guarded by one lock, under which nothing blocks and no code
 * of others runs.
 */
public final class StarlingClient implements Calls, AutoCloseable {
  /** From the first packet to the answer of {@code help.getConfig}. */
  private static final Duration GREETING_MAX = Duration.ofSeconds(20);

  /** "Auth key not found." */
  private static final int UNKNOWN_KEY = -404;

  private final Settings settings;
  private final Env env;
  private final AuthKey key;
  private final ClientSession session;
  private final Backoff backoff;
  private final Map<Long, OpenCall<?>> calls = new HashMap<>();
  private final CompletableFuture<Config> greeted = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Thread reader;
  private CompletableFuture<?> greeting = CompletableFuture.completedFuture(null);
  private volatile Consumer<Event> listener = _ -> {};
  private @Nullable Wire wire;
  private @Nullable ClientException ended;
  private boolean flushDue;

  private StarlingClient(Settings settings, Credentials credentials, Env env, Wire first) {
    this.settings = settings;
    this.env = env;
    this.key = credentials.key();
    this.session =
        new ClientSession(
            key, env.random().nextLong(), credentials.salt(), credentials.timeOffsetMillis(), env);
    this.backoff = new Backoff(env.random());
    this.reader = Thread.ofVirtual().name("client-reader").unstarted(() -> run(first));
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
        Credentials credentials = kept != null ? kept : new KeyExchange(wire, settings, env).run();
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
    Thread.ofVirtual().name("client-writer").start(this::write);
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
    lock.lock();
    try {
      return new Credentials(key, session.salt(), session.timeOffsetMillis());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <R> CompletableFuture<R> send(TlMethod<R> method) {
    OpenCall<R> call = new OpenCall<>(method);
    ClientException refused;
    lock.lock();
    try {
      refused = ended;
      if (refused == null && session.openCalls() == ClientSession.CALLS_MAX) {
        refused = new ClientException(Reason.OVERLOADED, "too many calls without an answer");
      }
      if (refused == null) {
        calls.put(session.call(method), call);
        wake();
      }
    } finally {
      lock.unlock();
    }
    if (refused != null) {
      call.fail(refused);
    }
    return call.future();
  }

  /** Ends the session's threads and fails what waits. The auth key stays good. */
  @Override
  public void close() {
    end(new ClientException(Reason.CLOSED, "closed"));
  }

  private void end(ClientException why) {
    List<OpenCall<?>> left;
    lock.lock();
    try {
      if (ended != null) {
        return;
      }
      ended = why;
      left = List.copyOf(calls.values());
      calls.clear();
      if (wire != null) {
        wire.close();
      }
      work.signalAll();
    } finally {
      lock.unlock();
    }
    reader.interrupt(); // it may be connecting, or waiting to
    left.forEach(call -> call.fail(why));
    greeted.completeExceptionally(why);
    listener.accept(new Event.Ended(why));
  }

  private void wake() {
    flushDue = true;
    work.signalAll();
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
    if (!attach(connection)) {
      return "closed";
    }
    introduce();
    try {
      while (true) {
        for (byte[] packet : connection.read()) {
          receive(packet);
        }
      }
    } catch (Wire.TransportException e) {
      if (e.code == UNKNOWN_KEY) {
        end(new ClientException(Reason.KEY_FORGOTTEN, "the server does not know this auth key"));
      }
      return reason(e);
    } catch (IOException e) {
      return reason(e);
    } finally {
      detach();
    }
  }

  private boolean attach(Wire connection) {
    lock.lock();
    try {
      if (ended != null) {
        return false;
      }
      wire = connection;
      session.attached();
      wake();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void detach() {
    lock.lock();
    try {
      wire = null;
    } finally {
      lock.unlock();
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
    if (config == null) {
      greeted.completeExceptionally(requireNonNull(failure));
      return;
    }
    backoff.reset();
    if (!greeted.complete(config)) {
      listener.accept(new Event.Restored());
    }
  }

  private @Nullable Wire reconnect(String why) {
    if (!greeted.isDone()) {
      end(new ClientException(Reason.UNREACHABLE, why));
    } else if (isOpen()) {
      listener.accept(new Event.Lost(why));
    }
    while (isOpen()) {
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

  private boolean isOpen() {
    lock.lock();
    try {
      return ended == null;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration delay) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    env.scheduler().after(delay, over::countDown);
    over.await();
  }

  private void receive(byte[] packet) {
    if (!(Envelope.open(key, Side.SERVER, packet) instanceof Envelope.Opened.Message message)) {
      return; // "nothing of it is to be answered"
    }
    Sink sink = new Sink();
    lock.lock();
    try {
      session.receive(message, sink);
      wake();
    } finally {
      lock.unlock();
    }
    sink.finish();
  }

  private void write() {
    while (true) {
      Sink sink = new Sink();
      Wire to = flush(sink);
      if (to == null) {
        return;
      }
      try {
        to.send(sink.packets);
      } catch (IOException _) {
        to.close(); // the reader notices and makes another
      }
      sink.finish();
    }
  }

  /** Waits until there is something to send, and takes it; answers over what, null at the end. */
  private @Nullable Wire flush(Sink sink) {
    lock.lock();
    try {
      while (ended == null) {
        Wire to = wire;
        if (to != null && flushDue) {
          flushDue = false;
          session.flush(sink);
          return to;
        }
        work.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** What the machine wants done: noted under the lock, done after it. */
  private final class Sink implements ClientSession.Sink {
    final List<byte[]> packets = new ArrayList<>();
    private final List<Runnable> others = new ArrayList<>();

    void finish() {
      others.forEach(Runnable::run);
    }

    @Override
    public void send(byte[] packet) {
      packets.add(packet);
    }

    @Override
    public void result(long number, byte[] result) {
      OpenCall<?> call = calls.remove(number);
      if (call != null) {
        others.add(() -> call.answer(result));
      }
    }

    @Override
    public void failed(long number, String why) {
      OpenCall<?> call = calls.remove(number);
      if (call != null) {
        others.add(() -> call.fail(new ClientException(Reason.FAILED, why)));
      }
    }

    @Override
    public void update(AnyUpdates updates) {
      others.add(() -> listener.accept(new Event.Pushed(updates)));
    }

    @Override
    public void missed() {
      others.add(() -> listener.accept(new Event.Missed()));
    }

    @Override
    public void silent() {
      if (wire != null) {
        wire.close();
      }
    }

    @Override
    public void flushAfter(Duration delay) {
      env.scheduler().after(delay, StarlingClient.this::flushLater);
    }
  }

  private void flushLater() {
    lock.lock();
    try {
      wake();
    } finally {
      lock.unlock();
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}

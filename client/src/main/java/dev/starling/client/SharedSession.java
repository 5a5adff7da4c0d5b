package dev.starling.client;

import dev.starling.client.ClientException.Reason;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.ClientSession;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.Side;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyUpdates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session's machine and the calls that wait in it, shared by callers, reader and writer under
 * one lock. Under the lock nothing blocks and no code of others runs: what the machine wants done
 * is noted there and done afterwards.
 */
final class SharedSession {
  /** Calls are answered within seconds, or their connection is a bad one. */
  private static final Duration DRAIN_MAX = Duration.ofSeconds(10);

  private final Env env;
  private final Credentials permanent;
  private final Consumer<Event> listener;
  private final ArrayDeque<OpenCall<?>> held = new ArrayDeque<>(); // at most CALLS_MAX
  private AuthKey key;
  private ClientSession machine;
  private @Nullable TemporaryKey temporary;
  private final Map<Long, OpenCall<?>> calls = new HashMap<>(); // the machine caps their number
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private @Nullable Wire wire;
  private @Nullable ClientException ended;
  private boolean flushDue;

  /** Whether calls wait: for the key to be bound, or for the last answers under the old one. */
  private boolean holding;

  /** Whether the connection is to end once all calls are answered. */
  private boolean draining;

  SharedSession(Credentials credentials, Consumer<Event> listener, Env env) {
    this.env = env;
    this.permanent = credentials;
    this.key = credentials.key();
    this.listener = listener;
    this.machine = machine(credentials);
  }

  private ClientSession machine(Credentials under) {
    return new ClientSession(
        under.key(), env.random().nextLong(), under.salt(), under.timeOffsetMillis(), env);
  }

  <R> CompletableFuture<R> send(TlMethod<R> method) {
    OpenCall<R> call = new OpenCall<>(method);
    ClientException refused;
    lock.lock();
    try {
      refused = ended;
      if (refused == null && held.size() + machine.openCalls() >= ClientSession.CALLS_MAX) {
        refused = new ClientException(Reason.OVERLOADED, "too many calls without an answer");
      }
      if (refused == null && holding) {
        held.add(call);
      } else if (refused == null) {
        calls.put(machine.call(method), call);
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

  /** Whether a temporary key must be made before a connection can carry the session. */
  boolean needsTemporaryKey() {
    lock.lock();
    try {
      return temporary == null || temporary.renewMillis() <= env.clock().millis();
    } finally {
      lock.unlock();
    }
  }

  /** The server does not know the temporary key. */
  void forgetTemporaryKey() {
    lock.lock();
    try {
      temporary = null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Goes on under a temporary key, which is bound before anything else is asked. No connection
   * carries the session, and calls that were sent and not answered are given up: the new key's
   * session cannot tell whether they were executed.
   *
   * @return whether it is bound
   */
  CompletableFuture<Boolean> renew(TemporaryKey fresh) {
    long nonce = env.random().nextLong();
    List<OpenCall<?>> left;
    OpenCall<Boolean> bind;
    lock.lock();
    try {
      left = List.copyOf(calls.values());
      calls.clear();
      temporary = fresh;
      key = fresh.made().key();
      machine = machine(fresh.made());
      holding = true;
      draining = false;
      long session = machine.sessionId();
      bind = new OpenCall<>(fresh.binding(permanent.key(), nonce, session, 0, env));
      calls.put(
          machine.call(
              msgId ->
                  Tl.encode(
                      fresh.binding(permanent.key(), nonce, session, msgId, env), Layer.NEWEST)),
          bind);
    } finally {
      lock.unlock();
    }
    left.forEach(call -> call.fail(new ClientException(Reason.FAILED, "its key has expired")));
    return bind.future();
  }

  /** The temporary key is bound: what has waited for it is sent. */
  void bound() {
    lock.lock();
    try {
      holding = false;
      for (OpenCall<?> call = held.poll(); call != null; call = held.poll()) {
        calls.put(machine.call(call.method()), call);
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Another key than {@code due} is: the connection ends once what was asked is answered. */
  void drain(TemporaryKey due) {
    lock.lock();
    try {
      if (!due.equals(temporary)) {
        return; // it was not waited for
      }
      holding = true;
      draining = true;
      closeIfDrained();
      Wire old = wire;
      if (old != null) {
        env.scheduler().after(DRAIN_MAX, old::close);
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeIfDrained() {
    if (draining && calls.isEmpty() && wire != null) {
      wire.close();
    }
  }

  Credentials credentials() {
    lock.lock();
    try {
      return temporary == null
          ? new Credentials(permanent.key(), machine.salt(), machine.timeOffsetMillis())
          : new Credentials(permanent.key(), permanent.salt(), machine.timeOffsetMillis());
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return ended == null;
    } finally {
      lock.unlock();
    }
  }

  /** A new connection carries the session; false when that is over. */
  boolean attach(Wire connection) {
    lock.lock();
    try {
      if (ended != null) {
        return false;
      }
      wire = connection;
      machine.attached();
      wake();
      return true;
    } finally {
      lock.unlock();
    }
  }

  void detach() {
    lock.lock();
    try {
      wire = null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a packet from the connection. */
  void receive(byte[] packet) {
    if (!(Envelope.open(key, Side.SERVER, packet) instanceof Envelope.Opened.Message message)) {
      return; // "nothing of it is to be answered"
    }
    Sink sink = new Sink();
    lock.lock();
    try {
      machine.receive(message, sink);
      wake();
      closeIfDrained();
    } finally {
      lock.unlock();
    }
    sink.finish();
  }

  /**
   * Waits until there is something to send.
   *
   * @param packets where to put it
   * @return over what to send it; null when the session is over
   */
  @Nullable Wire flush(List<byte[]> packets) {
    Sink sink = new Sink();
    Wire to = flush(sink);
    packets.addAll(sink.packets);
    sink.finish();
    return to;
  }

  private @Nullable Wire flush(Sink sink) {
    lock.lock();
    try {
      while (ended == null) {
        Wire to = wire;
        if (to != null && flushDue) {
          flushDue = false;
          machine.flush(sink);
          return to;
        }
        work.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Fails the calls that wait, and all to come; false when it was over already. */
  boolean end(ClientException why) {
    List<OpenCall<?>> left;
    lock.lock();
    try {
      if (ended != null) {
        return false;
      }
      ended = why;
      left = new ArrayList<>(calls.values());
      left.addAll(held);
      calls.clear();
      held.clear();
      if (wire != null) {
        wire.close();
      }
      work.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(call -> call.fail(why));
    return true;
  }

  private void flushLater() {
    lock.lock();
    try {
      wake();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    flushDue = true;
    work.signalAll();
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
      env.scheduler().after(delay, SharedSession.this::flushLater);
    }
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.ServerHandshake;
import dev.starling.mtproto.ServerHandshake.Step;
import dev.starling.mtproto.ServerKey;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.MsgsAck;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The handshakes of all connections. They cost milliseconds of CPU each, so they have a few threads
 * of low priority to themselves, where sources take turns: event loops go on, and who is in already
 * does not feel how many knock. Nothing is computed for who has not solved a pq.
 */
final class Handshakes implements AutoCloseable {
  /**
   * Handshake messages of one connection until a key is made: that takes three, a client with
   * temporary keys makes up to four keys at once, and some ask twice.
   */
  static final int MESSAGES_MAX = 32;

  /** The data centre of a client that names none in the handshake. */
  private static final int DC_DEFAULT = 2;

  /** What came of one message. */
  sealed interface Outcome {
    /** A packet to be sent. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Answer(byte[] packet) implements Outcome {}

    record NoAnswer() implements Outcome {}

    /** Transport error -429: too many wait. */
    record Busy() implements Outcome {}

    /** Transport error -404 and close: one way out for every reason. */
    record Refused() implements Outcome {}
  }

  private final Supplier<List<ServerKey>> serverKeys;
  private final AuthKeys authKeys;
  private final SessionRegistry registry;
  private final GatewayCounters counters;
  private final Defects defects;
  private final Env env;
  private final FairPool pool;
  private final Executor waiters;
  private final AtomicLong lastMsgId = new AtomicLong(1);

  /**
   * @param waiters for what waits for the store
   */
  Handshakes(
      Supplier<List<ServerKey>> serverKeys,
      AuthKeys authKeys,
      SessionRegistry registry,
      GatewayLimits limits,
      GatewayCounters counters,
      Defects defects,
      Executor waiters,
      Env env) {
    this.serverKeys = serverKeys;
    this.authKeys = authKeys;
    this.registry = registry;
    this.counters = counters;
    this.defects = defects;
    this.env = env;
    this.waiters = waiters;
    this.pool =
        new FairPool(
            limits.handshakeThreads(),
            limits.handshakesQueued(),
            LowPriority.threads("handshake-"));
  }

  @Override
  public void close() {
    pool.close();
  }

  /** The handshakes of one connection, one message at a time. */
  final class Attempt {
    private final ServerHandshake machine =
        new ServerHandshake(serverKeys.get(), id -> authKeys.find(id) != null, env);
    private final Object source;
    private final Consumer<Outcome> done;
    private int messages;

    /**
     * @param source who is to take turns with others, and not with himself
     * @param done hears of the outcome of each message, now or on another thread
     */
    Attempt(Object source, Consumer<Outcome> done) {
      this.source = source;
      this.done = done;
    }

    /** Takes a message; the next may follow only when {@code done} has heard. */
    void take(byte[] body) {
      if (++messages > MESSAGES_MAX
          || !(Tl.decode(body, 0, body.length) instanceof Decoded.Value(TlObject message))) {
        tell(new Outcome.Refused());
      } else if (message instanceof MsgsAck) {
        tell(new Outcome.NoAnswer()); // Android clients acknowledge handshake messages, in plain
      } else {
        safely(() -> machine.receive(message));
      }
    }

    private void safely(Supplier<Step> work) {
      Step step;
      try {
        step = work.get();
      } catch (RuntimeException e) {
        defects.log("handshake", e);
        step = new Step.Refuse();
      }
      switch (step) {
        case Step.Reply(TlObject answer) -> tell(answer(answer));
        case Step.Refuse() -> tell(new Outcome.Refused());
        case Step.Costly(Supplier<Step> rest) -> pool.execute(source, new Rest(rest));
        case Step.Done made -> waiters.execute(() -> finished(made));
      }
    }

    private final class Rest implements FairPool.Task {
      private final Supplier<Step> rest;

      Rest(Supplier<Step> rest) {
        this.rest = rest;
      }

      @Override
      public void run() {
        safely(rest);
      }

      @Override
      public void refused() {
        tell(new Outcome.Busy());
      }
    }

    /**
     * "Durable before acknowledged": the client keeps the key for years, so it must be stored
     * before dh_gen_ok.
     */
    private void finished(Step.Done made) {
      int dc = made.dc() == 0 ? DC_DEFAULT : made.dc();
      boolean created = false;
      try {
        created = authKeys.create(made.key(), dc, made.expiresIn());
      } catch (RuntimeException e) {
        defects.log("handshake", e);
      }
      if (created) {
        messages = 0;
        counters.handshakes.increment();
        registry.firstSalt(made.key().id(), made.salt());
        tell(answer(made.answer()));
      } else {
        tell(new Outcome.Refused());
      }
    }

    private void tell(Outcome outcome) {
      if (outcome instanceof Outcome.Refused || outcome instanceof Outcome.Busy) {
        counters.handshakesRefused.increment();
      }
      done.accept(outcome);
    }
  }

  private Outcome answer(TlObject answer) {
    return new Outcome.Answer(Envelope.plain(nextMsgId(), Tl.encode(answer, Layer.NEWEST)));
  }

  /**
   * "Exact Unix time * 2^32"; "server message identifiers modulo 4 yield 1 if the message is a
   * response".
   */
  private long nextMsgId() {
    long millis = env.clock().millis();
    long now = ((millis / 1000) << 32) + ((((millis % 1000) << 32) / 1000) & -4);
    return lastMsgId.updateAndGet(last -> Math.max(now + 1, last + 4));
  }
}

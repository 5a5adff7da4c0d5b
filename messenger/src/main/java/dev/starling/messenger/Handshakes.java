package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Envelope;
import dev.starling.mtproto.ServerHandshake;
import dev.starling.mtproto.ServerKey;
import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.mt.MsgsAck;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The handshakes of all connections. They cost milliseconds of CPU each, so they have a few
 * platform threads to themselves: event loops go on, and who is in already does not feel how many
 * knock.
 */
final class Handshakes implements AutoCloseable {
  /**
   * Handshake messages of one connection: an auth key takes three, a client with temporary keys
   * makes four keys at most, and some ask twice.
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

    /** Transport error -404 and close: one way out for every reason. */
    record Refused() implements Outcome {}
  }

  private final List<ServerKey> serverKeys;
  private final AuthKeys authKeys;
  private final SessionRegistry registry;
  private final GatewayCounters counters;
  private final Defects defects;
  private final Env env;
  private final ThreadPoolExecutor threads;
  private final AtomicLong lastMsgId = new AtomicLong(1);

  Handshakes(
      List<ServerKey> serverKeys,
      AuthKeys authKeys,
      SessionRegistry registry,
      GatewayLimits limits,
      GatewayCounters counters,
      Defects defects,
      Env env) {
    this.serverKeys = List.copyOf(serverKeys);
    this.authKeys = authKeys;
    this.registry = registry;
    this.counters = counters;
    this.defects = defects;
    this.env = env;
    this.threads =
        new ThreadPoolExecutor(
            limits.handshakeThreads(),
            limits.handshakeThreads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.handshakesQueued()),
            Thread.ofPlatform().daemon().name("handshake-", 0).factory());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** The handshakes of one connection, one message at a time. */
  final class Attempt {
    private final ServerHandshake machine =
        new ServerHandshake(serverKeys, id -> authKeys.find(id) != null, env);
    private int messages;

    /**
     * Takes a message and calls {@code done} on another thread; the next may follow only then.
     *
     * @return false when too many messages wait already, and nothing is done
     */
    boolean step(byte[] body, Consumer<Outcome> done) {
      try {
        threads.execute(() -> done.accept(safely(body)));
        return true;
      } catch (RejectedExecutionException _) {
        counters.handshakesRefused.increment();
        return false;
      }
    }

    private Outcome safely(byte[] body) {
      Outcome outcome;
      try {
        outcome = take(body);
      } catch (RuntimeException e) {
        defects.log("handshake", e);
        outcome = new Outcome.Refused();
      }
      if (outcome instanceof Outcome.Refused) {
        counters.handshakesRefused.increment();
      }
      return outcome;
    }

    private Outcome take(byte[] body) {
      if (++messages > MESSAGES_MAX
          || !(Tl.decode(body, 0, body.length) instanceof Decoded.Value(TlObject message))) {
        return new Outcome.Refused();
      }
      if (message instanceof MsgsAck) {
        return new Outcome.NoAnswer(); // Android clients acknowledge handshake messages, in plain
      }
      return switch (machine.receive(message)) {
        case ServerHandshake.Step.Reply(TlObject answer) -> answer(answer);
        case ServerHandshake.Step.Refuse() -> new Outcome.Refused();
        case ServerHandshake.Step.Done done -> finished(done);
      };
    }

    /**
     * "Durable before acknowledged": the client keeps the key for years, so it must be stored
     * before dh_gen_ok.
     */
    private Outcome finished(ServerHandshake.Step.Done done) {
      int dc = done.dc() == 0 ? DC_DEFAULT : done.dc();
      // A temporary key is of use only with auth.bindTempAuthKey, which we do not have.
      if (done.expiresIn() != 0 || !authKeys.create(done.key(), dc)) {
        return new Outcome.Refused();
      }
      counters.handshakes.increment();
      registry.firstSalt(done.key().id(), done.salt());
      return answer(done.answer());
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

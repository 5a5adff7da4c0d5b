package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.FlightShape;
import dev.starling.mtproto.HelloShape;
import dev.starling.mtproto.TlsFlight;
import dev.starling.mtproto.TlsHello;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the origin answers each kind of hello: learned by saying a hello of that kind to it, the
 * first time that one comes and again when that is long ago. Thread-safe.
 */
final class Shapes {
  /** Clients in use are a few dozen; whoever sends more kinds gets the answer of none. */
  private static final int KINDS_MAX = 128;

  /** Certificates are renewed every few weeks, servers now and then. */
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  private final Supplier<List<InetSocketAddress>> origin;
  private final Env env;
  private final Map<String, Known> known = new LinkedHashMap<>();

  /** What is known of a kind; no shape when the origin's answer cannot be imitated. */
  private record Known(@Nullable FlightShape shape, long learnedMillis) {}

  Shapes(Supplier<List<InetSocketAddress>> origin, Env env) {
    this.origin = origin;
    this.env = env;
  }

  /**
   * Finds out.
   *
   * @param then gets the shape, at once if it is known, later on this event loop if not; null if
   *     the origin's answer is not known or cannot be imitated
   */
  void find(TlsHello hello, EventLoop loop, Consumer<@Nullable FlightShape> then) {
    String kind = HelloShape.of(hello);
    Known found;
    boolean isFull;
    synchronized (this) {
      found = known.get(kind);
      isFull = known.size() >= KINDS_MAX;
    }
    if (found == null && !isFull) {
      learn(kind, hello, loop, then);
    } else {
      then.accept(found == null ? null : found.shape);
      if (found != null && env.clock().millis() - found.learnedMillis > GOOD_FOR.toMillis()) {
        note(kind, found.shape); // one is enough to ask again
        learn(kind, hello, loop, _ -> {});
      }
    }
  }

  private void learn(
      String kind, TlsHello hello, EventLoop loop, Consumer<@Nullable FlightShape> then) {
    byte[] said = HelloShape.withRandom(hello, env.bytes(hello.random().length));
    OriginProbe.ask(
        said,
        loop,
        env,
        origin.get(),
        answer -> {
          TlsFlight flight = TlsFlight.read(answer);
          FlightShape shape = flight == null ? null : flight.shape();
          FlightShape usable = shape != null && shape.answers(hello) ? shape : null;
          if (answer.length > 0) {
            note(kind, usable);
          }
          then.accept(usable);
        });
  }

  private synchronized void note(String kind, @Nullable FlightShape shape) {
    known.put(kind, new Known(shape, env.clock().millis()));
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How long a connection is waited for. Belongs to the connection's event loop. */
final class Deadlines {
  /**
   * Time for the first message that proves an auth key while the gateway is crowded: enough for a
   * handshake over most networks.
   */
  private static final Duration CROWDED = Duration.ofSeconds(10);

  /** What is drawn on top for each connection, so that a prober finds no constant to know us by. */
  private static final int CROWDED_EXTRA_MILLIS = 5_000;

  /** What is left of the time otherwise: a handshake over the slowest network. */
  private static final Duration UNCROWDED = Duration.ofSeconds(20);

  private static final int UNCROWDED_EXTRA_MILLIS = 25_000;

  /**
   * A period without any message ends the connection; phones in the background ping every four
   * minutes.
   */
  private static final Duration IDLE = Duration.ofMinutes(5);

  /** How long a refused peer may take to read why. */
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final Env env;
  private final Executor loop;
  private final Runnable close;
  private final BooleanSupplier crowded;
  private @Nullable Cancellable period;
  private @Nullable Cancellable disconnect;
  private boolean alive;

  /**
   * @param crowded whether who is silent shall go soon
   */
  Deadlines(Env env, Executor loop, Runnable close, BooleanSupplier crowded) {
    this.env = env;
    this.loop = loop;
    this.close = close;
    this.crowded = crowded;
  }

  /** The peer has yet to prove an auth key. */
  void awaitFirstMessage() {
    await(CROWDED.plusMillis(env.random().nextInt(CROWDED_EXTRA_MILLIS)), this::firstPeriodOver);
  }

  private void firstPeriodOver() {
    if (alive || crowded.getAsBoolean()) {
      periodOver();
    } else {
      int extra = env.random().nextInt(UNCROWDED_EXTRA_MILLIS);
      await(UNCROWDED.plusMillis(extra), this::periodOver);
    }
  }

  /** The peer will never prove one: it has as long as who is silent, and learns nothing. */
  void awaitLeave() {
    long whole = UNCROWDED.toMillis() + env.random().nextInt(UNCROWDED_EXTRA_MILLIS);
    long first = CROWDED.toMillis() + env.random().nextInt(CROWDED_EXTRA_MILLIS);
    await(Duration.ofMillis(crowded.getAsBoolean() ? first : first + whole), this::periodOver);
  }

  /** The peer has proved an auth key just now. */
  void heard() {
    alive = true;
  }

  /** The peer has been told the last word. */
  void linger() {
    await(LINGER, this::periodOver);
  }

  /** The peer wants to be disconnected after {@code delay} unless it says so again before. */
  void disconnectAfter(Duration delay) {
    cancel(disconnect);
    disconnect = later(delay, close);
  }

  /** The connection is closed. */
  void cancel() {
    cancel(period);
    cancel(disconnect);
  }

  private void await(Duration patience, Runnable over) {
    alive = false;
    cancel(period);
    period = later(patience, over);
  }

  private void periodOver() {
    if (alive) {
      await(IDLE, this::periodOver);
    } else {
      close.run();
    }
  }

  private Cancellable later(Duration delay, Runnable task) {
    return env.scheduler().after(delay, () -> loop.execute(task));
  }

  private static void cancel(@Nullable Cancellable task) {
    if (task != null) {
      task.cancel();
    }
  }
}

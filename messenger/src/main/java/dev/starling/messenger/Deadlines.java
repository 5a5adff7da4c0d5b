package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How long a connection is waited for. Belongs to the connection's event loop. */
final class Deadlines {
  /** Time for the first message that proves an auth key: a handshake over the slowest network. */
  private static final Duration FIRST_MESSAGE = Duration.ofSeconds(30);

  /** What is drawn on top for each connection, so that a prober finds no constant to know us by. */
  private static final int FIRST_MESSAGE_EXTRA_MILLIS = 30_000;

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
  private @Nullable Cancellable period;
  private @Nullable Cancellable disconnect;
  private boolean alive;

  Deadlines(Env env, Executor loop, Runnable close) {
    this.env = env;
    this.loop = loop;
    this.close = close;
  }

  /** The peer has yet to prove an auth key. */
  void awaitFirstMessage() {
    await(FIRST_MESSAGE.plusMillis(env.random().nextInt(FIRST_MESSAGE_EXTRA_MILLIS)));
  }

  /** The peer has proved an auth key just now. */
  void heard() {
    alive = true;
  }

  /** The peer has been told the last word. */
  void linger() {
    await(LINGER);
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

  private void await(Duration patience) {
    alive = false;
    cancel(period);
    period = later(patience, this::periodOver);
  }

  private void periodOver() {
    if (alive) {
      await(IDLE);
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

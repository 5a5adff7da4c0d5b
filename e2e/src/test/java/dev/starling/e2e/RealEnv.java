package dev.starling.e2e;

import dev.starling.mtproto.Env;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The system's time and randomness, for what of Starling runs in the tests' own process. */
final class RealEnv implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());

  final Env env =
      new Env(
          InstantSource.system(),
          new SecureRandom(),
          (delay, task) -> {
            var later = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> later.cancel(false);
          });

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

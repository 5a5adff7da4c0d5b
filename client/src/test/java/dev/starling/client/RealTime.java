package dev.starling.client;

import dev.starling.mtproto.Env;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The real clock and a real timer, for tests over sockets. */
final class RealTime implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  Env env(long seed) {
    return new Env(
        InstantSource.system(),
        new Random(seed),
        (delay, task) -> {
          Future<?> later = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
          return () -> later.cancel(false);
        });
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

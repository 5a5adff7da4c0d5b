package dev.starling.app;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler;
import dev.starling.mtproto.SteadyClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The world as it is: the only place where Starling asks the system for time and randomness. */
final class SystemEnv implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SystemEnv.class);

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("timer").factory());

  SystemEnv() {
    timer.setRemoveOnCancelPolicy(true); // most are timeouts that never come
  }

  Env env() {
    return new Env(new SteadyClock(InstantSource.system()), new SecureRandom(), this::after);
  }

  private Scheduler.Cancellable after(Duration delay, Runnable task) {
    Future<?> later = timer.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> later.cancel(false);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a task of the timer failed", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The real timer and chance; a clock that can be put forward. */
final class TestEnv {
  final AtomicLong aheadSeconds = new AtomicLong();

  Env env() {
    InstantSource clock = () -> Instant.now().plusSeconds(aheadSeconds.get());
    return new Env(clock, new SecureRandom(), TestEnv::after);
  }

  private static Scheduler.Cancellable after(Duration delay, Runnable task) {
    var later =
        CompletableFuture.runAsync(
            task, CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS));
    return () -> later.cancel(false);
  }
}

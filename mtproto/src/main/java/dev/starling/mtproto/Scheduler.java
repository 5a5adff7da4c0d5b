package dev.starling.mtproto;

import java.time.Duration;

/** Runs tasks later: a timer thread in production, the simulation's virtual time in tests. */
@FunctionalInterface
public interface Scheduler {

  /** Runs {@code task} once, not before {@code delay} has passed. */
  Cancellable after(Duration delay, Runnable task);

  /** A task that may still be called off. */
  @FunctionalInterface
  interface Cancellable {
    /** Has no effect once the task has begun. */
    void cancel();
  }
}

package dev.starling.client;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after another, in the order they came, on a thread that lives only while there are
 * any. When too many wait they are all forgotten for one that makes up for them.
 */
final class Lane {
  private final int capacity;
  private final Executor executor;
  private final Runnable makeUp;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  Lane(int capacity, Executor executor, Runnable makeUp) {
    this.capacity = capacity;
    this.executor = executor;
    this.makeUp = makeUp;
  }

  /** Never blocks, unless the executor runs tasks in the caller's thread. */
  void add(Runnable task) {
    synchronized (waiting) {
      if (waiting.size() == capacity) {
        waiting.clear();
        waiting.add(makeUp);
      } else {
        waiting.add(task);
      }
      if (running) {
        return;
      }
      running = true;
    }
    executor.execute(this::run);
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        executor.execute(this::run); // the defect ends this thread, not the lane
        throw e;
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      running = !waiting.isEmpty();
      return waiting.poll();
    }
  }
}

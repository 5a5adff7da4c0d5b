package dev.starling.messenger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A few threads for work that strangers ask for. Sources take turns, whatever each has waiting, and
 * when all places are taken a newcomer is given one of the source that has most: a flood from one
 * place delays and displaces itself.
 */
final class FairPool implements AutoCloseable {
  /** Work of somebody; exactly one of the two is called, once, unless the pool closes. */
  interface Task {
    void run();

    /** There is no place for it; on the thread of whoever asks for more. */
    void refused();
  }

  private final int waitingMax;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final LinkedHashMap<Object, Deque<Task>> waiting = new LinkedHashMap<>();
  private int size;
  private boolean closed;

  /**
   * @param waitingMax tasks that wait for a thread
   */
  FairPool(int threads, int waitingMax, ThreadFactory factory) {
    this.waitingMax = waitingMax;
    for (int i = 0; i < threads; i++) {
      Thread thread = factory.newThread(this::work);
      this.threads.add(thread);
      thread.start();
    }
  }

  void execute(Object source, Task task) {
    Task refused = add(source, task);
    if (refused != null) {
      refused.refused();
    }
  }

  private @Nullable Task add(Object source, Task task) {
    lock.lock();
    try {
      if (closed) {
        return task;
      }
      Task displaced = null;
      if (size == waitingMax) {
        int own = waiting.getOrDefault(source, new ArrayDeque<>()).size();
        Map.Entry<Object, Deque<Task>> longest =
            waiting.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .orElseThrow();
        if (longest.getValue().size() <= own + 1) {
          return task; // one for one would only move the hardship
        }
        displaced = longest.getValue().removeLast();
        size--;
      }
      waiting.computeIfAbsent(source, _ -> new ArrayDeque<>()).addLast(task);
      size++;
      work.signal();
      return displaced;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Task task = next(); task != null; task = next()) {
      task.run();
    }
  }

  /** The next task of the source whose turn it is; null when the pool is closed. */
  private @Nullable Task next() {
    lock.lock();
    try {
      while (size == 0 && !closed) {
        work.awaitUninterruptibly();
      }
      if (closed) {
        return null;
      }
      Map.Entry<Object, Deque<Task>> turn = waiting.pollFirstEntry();
      Task task = turn.getValue().removeFirst();
      if (!turn.getValue().isEmpty()) {
        waiting.put(turn.getKey(), turn.getValue()); // behind the others
      }
      size--;
      return task;
    } finally {
      lock.unlock();
    }
  }

  /** What waits is forgotten. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      size = 0;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package dev.starling.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Group commit: one platform thread takes whatever batches have queued up while the disk synced the
 * previous ones, and syncs them as one record. So latency is one or two syncs, and throughput grows
 * with the number of callers.
 *
 * <p>A group is: fence each batch, write and sync the record, write the {@link Mark}, wake the
 * callers.
 */
final class Committer implements AutoCloseable {
  /** Callers beyond these wait before the queue, so memory is bounded whatever the load. */
  private static final int QUEUE_MAX = 1_024;

  /** Batches in a group: more adds latency and no throughput, as the sync is then a small part. */
  private static final int GROUP_BATCHES_MAX = 512;

  /** Bytes after which a group takes no more: a few ms of disk. */
  private static final long GROUP_BYTES_MAX = 4 << 20;

  /**
   * Groups after which the mark is synced though the disk is busy: what a power cut leaves in doubt
   * is so much.
   */
  private static final int GROUPS_UNFORCED_MAX = 32;

  /** Quiet time after which the mark is synced. */
  private static final long QUIET_MILLIS = 20;

  /** How often an idle store looks whether its manifest has grown. */
  private static final long IDLE_MILLIS = 1_000;

  /** Epochs remembered: 10,000 partitions in use are 2 MB; others are read again. */
  private static final int EPOCHS_MAX = 10_000;

  private static final long FENCED = -1;

  private final Path folder;
  private final Handle handle;
  private final Mark mark;
  private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("store-commit").unstarted(this::run);
  private final Map<Partition, Long> epochs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Partition, Long> eldest) {
          return size() > EPOCHS_MAX;
        }
      };
  private long sequence;
  private int unforced;
  private boolean broken;

  /** What a caller waits for: the epoch that it acquired, or anything for a commit. */
  private sealed interface Task {
    CompletableFuture<Long> done();

    record Commit(Batch batch, CompletableFuture<Long> done) implements Task {}

    record Acquire(Partition partition, CompletableFuture<Long> done) implements Task {}

    /** Always a group of its own: what it compares must not be changed by the same group. */
    record Replace(List<RawStore.Replacement> rows, CompletableFuture<Long> done) implements Task {}

    /** The last one: callers are gone by then. */
    record Stop(CompletableFuture<Long> done) implements Task {}
  }

  Committer(Path folder, Handle handle, Mark mark) {
    this.folder = folder;
    this.handle = handle;
    this.mark = mark;
    recover();
    settle();
    thread.start();
  }

  void commit(Batch batch) {
    submit(new Task.Commit(batch, new CompletableFuture<>()));
  }

  Lease acquire(Partition partition) {
    return new Lease(partition, submit(new Task.Acquire(partition, new CompletableFuture<>())));
  }

  void replace(List<RawStore.Replacement> rows) {
    submit(new Task.Replace(rows, new CompletableFuture<>()));
  }

  /**
   * Ends the thread once it has done what is queued; the caller sees to it that nothing comes any
   * more.
   */
  @Override
  public void close() {
    queue.add(new Task.Stop(new CompletableFuture<>()));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long submit(Task task) {
    try {
      queue.put(task);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable(
          "interrupted before the store took the batch: nothing is written");
    }
    try {
      // Not interruptible: whoever handed in a batch must learn its outcome.
      return task.done().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException cause ? cause : e;
    }
  }

  private void run() {
    List<Task> group = new ArrayList<>();
    while (true) {
      Task task = poll();
      if (task instanceof Task.Stop) {
        stop();
        return;
      }
      if (task == null) {
        settle();
        continue;
      }
      for (long bytes = 0; task != null; task = next(group, bytes)) {
        group.add(task);
        bytes += task instanceof Task.Commit(Batch batch, _) ? batch.bytes() : 0;
      }
      write(group);
      group.clear();
      if (unforced >= GROUPS_UNFORCED_MAX) {
        settle();
      }
    }
  }

  /** What joins the group, or null when the group is to be written. */
  private @Nullable Task next(List<Task> group, long bytes) {
    boolean full =
        group.size() == GROUP_BATCHES_MAX
            || bytes >= GROUP_BYTES_MAX
            || group.getFirst() instanceof Task.Replace
            || queue.peek() instanceof Task.Replace;
    return full ? null : queue.poll();
  }

  private @Nullable Task poll() {
    try {
      return queue.poll(unforced > 0 ? QUIET_MILLIS : IDLE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return null; // nobody has this thread to interrupt it
    }
  }

  private void write(List<Task> group) {
    try (WriteBatch record = new WriteBatch()) {
      if (broken) {
        handle.reopen();
        recover();
      }
      List<Runnable> callers = new ArrayList<>(group.size());
      List<PlacedWrite> rows = new ArrayList<>();
      for (Task task : group) {
        long result =
            switch (task) {
              case Task.Acquire(Partition partition, _) -> raise(partition, record);
              case Task.Commit commit -> add(commit, rows);
              case Task.Replace(var changes, _) -> replace(changes, record);
              case Task.Stop _ -> throw new IllegalStateException("stopped with callers waiting");
            };
        if (result != FENCED) {
          callers.add(() -> task.done().complete(result));
        }
      }
      if (callers.isEmpty()) {
        return;
      }
      put(rows, record);
      record.put(Keys.SEQUENCE, Keys.number(sequence + 1));
      handle.run(database -> database.write(record));
      sequence++;
      unforced++;
      mark.write(mark.state().withSequence(sequence));
      callers.forEach(Runnable::run);
    } catch (IOException e) {
      fail(group, Folder.failure(folder, e));
    } catch (RocksDBException | RuntimeException e) {
      fail(
          group,
          e instanceof StoreException known
              ? known
              : new StoreException.Unavailable("defect: " + e, e));
    }
  }

  private long raise(Partition partition, WriteBatch record) throws RocksDBException {
    long next = epoch(partition) + 1;
    record.put(Keys.epoch(partition), Keys.number(next));
    epochs.put(partition, next);
    return next;
  }

  /** A write and its place in the database. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record PlacedWrite(byte[] key, Batch.Write write) {}

  /**
   * Neighbours go in one after the other, as RocksDB finds the next place from the last one; what
   * is written twice stays in its order.
   */
  private static void put(List<PlacedWrite> rows, WriteBatch record) throws RocksDBException {
    rows.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
    for (PlacedWrite row : rows) {
      switch (row.write) {
        case Batch.Write.Put put -> record.put(row.key, put.value());
        case Batch.Write.Delete _ -> record.delete(row.key);
      }
    }
  }

  /** Adds a batch's rows; or fails it alone, if it is fenced, and adds nothing. */
  private long add(Task.Commit commit, List<PlacedWrite> rows) {
    List<Batch.Write> writes = commit.batch.writes();
    Lease checked = null;
    for (Batch.Write write : writes) {
      Lease lease = write.lease();
      if (!lease.equals(checked) && lease.epoch() != epoch(lease.partition())) {
        commit.done.completeExceptionally(
            new StoreException.Fenced(lease, epoch(lease.partition())));
        return FENCED;
      }
      checked = lease;
    }
    for (Batch.Write write : writes) {
      rows.add(new PlacedWrite(Keys.row(write.lease().partition(), write.key()), write));
    }
    return 0;
  }

  /** Adds the rows that are still what they were; this thread alone writes, so they stay it. */
  private long replace(List<RawStore.Replacement> rows, WriteBatch record) throws RocksDBException {
    for (RawStore.Replacement row : rows) {
      byte[] key = Keys.row(row.partition(), row.key());
      if (Arrays.equals(handle.use(database -> database.rocks().get(key)), row.expected())) {
        record.put(key, row.value());
      }
    }
    return 0;
  }

  private long epoch(Partition partition) {
    return epochs.computeIfAbsent(
        partition, p -> handle.use(database -> database.number(Keys.epoch(p))));
  }

  private void fail(List<Task> group, StoreException cause) {
    broken = true;
    for (Task task : group) {
      task.done().completeExceptionally(cause); // no effect on those that were fenced
    }
  }

  private void recover() {
    epochs.clear();
    sequence = handle.use(database -> database.number(Keys.SEQUENCE));
    broken = false;
  }

  /** Makes the mark durable, with the manifest as it is now. */
  private void settle() {
    if (broken) {
      return;
    }
    try {
      Mark.State sealed = Manifest.seal(folder, mark.state());
      if (!sealed.equals(mark.state())) {
        mark.write(sealed);
        unforced++;
      }
      if (unforced > 0) {
        mark.force();
        unforced = 0;
      }
    } catch (IOException | StoreException _) {
      broken = true; // the next commit opens anew, and tells its caller if the disk still fails
    }
  }

  private void stop() {
    try {
      handle.run(Database::flush);
    } catch (StoreException _) {
      // The log has it all.
    }
    handle.close();
    settle();
  }
}

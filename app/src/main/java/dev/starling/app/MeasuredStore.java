package dev.starling.app;

import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that is watched: how long it takes, how many wait, and whether it takes writes. */
final class MeasuredStore implements Store {
  private static final Partition PROBE = Partition.of("health", 0);

  final Latency reads = new Latency();
  final Latency scans = new Latency();

  /** Queue, write and sync: what an acknowledgement waits for. */
  final Latency commits = new Latency();

  final LongAdder failures = new LongAdder();
  private final LongAdder committing = new LongAdder();
  private final Store store;
  private volatile @Nullable StoreException trouble;

  MeasuredStore(Store store) {
    this.store = store;
  }

  /** Commits that have begun and not ended. */
  long committing() {
    return committing.sum();
  }

  /**
   * Why it does not take writes; null when it does. After a failure it is tried again by a write of
   * its own, or a server without a visitor would stay ill.
   */
  @Nullable StoreException trouble() {
    if (trouble != null) {
      try {
        var _ = acquire(PROBE);
      } catch (StoreException _) {
        // Still.
      }
    }
    return trouble;
  }

  @Override
  public Lease acquire(Partition partition) {
    return written(() -> store.acquire(partition));
  }

  @Override
  public byte @Nullable [] get(Partition partition, byte[] key) {
    long start = System.nanoTime();
    try {
      return store.get(partition, key);
    } finally {
      reads.add(System.nanoTime() - start);
    }
  }

  @Override
  public List<Row> scan(
      Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
    long start = System.nanoTime();
    try {
      return store.scan(partition, from, to, order, limit);
    } finally {
      scans.add(System.nanoTime() - start);
    }
  }

  @Override
  public void commit(Batch batch) {
    var _ =
        written(
            () -> {
              store.commit(batch);
              return true;
            });
  }

  private <T> T written(Supplier<T> write) {
    long start = System.nanoTime();
    committing.increment();
    try {
      T result = write.get();
      trouble = null;
      return result;
    } catch (StoreException e) {
      if (!(e instanceof StoreException.Fenced)) { // that is the caller's trouble
        failures.increment();
        trouble = e;
      }
      throw e;
    } finally {
      committing.decrement();
      commits.add(System.nanoTime() - start);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}

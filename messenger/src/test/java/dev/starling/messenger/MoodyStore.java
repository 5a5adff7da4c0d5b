package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.MemoryStore;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory whose reads can be made to wait, or to fail. It outlives the gateways over it.
 */
final class MoodyStore implements Store {
  private final MemoryStore rows = new MemoryStore();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean failing;
  final AtomicInteger stuck = new AtomicInteger();

  void stick() {
    gate = new CountDownLatch(1);
  }

  void loosen() {
    gate.countDown();
  }

  void fail() {
    failing = true;
  }

  @Override
  public byte @Nullable [] get(Partition partition, byte[] key) {
    stuck.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException _) {
      throw new StoreException.Unavailable("interrupted");
    } finally {
      stuck.decrementAndGet();
    }
    if (failing) {
      throw new StoreException.Unavailable("the disk is gone");
    }
    return rows.get(partition, key);
  }

  @Override
  public Lease acquire(Partition partition) {
    return rows.acquire(partition);
  }

  @Override
  public List<Row> scan(
      Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
    return rows.scan(partition, from, to, order, limit);
  }

  @Override
  public void commit(Batch batch) {
    rows.commit(batch);
  }

  @Override
  public void close() {}
}

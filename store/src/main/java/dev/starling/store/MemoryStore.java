package dev.starling.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store without a disk, for tests and simulation: each call runs to its end on the caller's
 * thread, so a run is as deterministic as its callers. Arrays are copied both ways, as a disk
 * would.
 */
public final class MemoryStore implements RawStore {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Partition, Long> epochs = new HashMap<>();
  private final NavigableMap<Partition, NavigableMap<byte[], byte[]>> partitions =
      new TreeMap<>(
          Comparator.comparingInt((Partition p) -> p.name().length())
              .thenComparing(Partition::name));
  private boolean closed;

  @Override
  public Lease acquire(Partition partition) {
    lock.lock();
    try {
      checkOpen();
      return new Lease(partition, epochs.merge(partition, 1L, Long::sum));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public byte @Nullable [] get(Partition partition, byte[] key) {
    Batch.checkKey(key);
    lock.lock();
    try {
      checkOpen();
      byte[] value = rows(partition).get(key);
      return value == null ? null : value.clone();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Row> scan(
      Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
    ScannedRows found = new ScannedRows(limit);
    if (to != null && Arrays.compareUnsigned(from, to) >= 0) {
      return found.list();
    }
    lock.lock();
    try {
      checkOpen();
      NavigableMap<byte[], byte[]> range = rows(partition).tailMap(from, true);
      range = to == null ? range : range.headMap(to, false);
      for (var row : (order == Order.ASCENDING ? range : range.descendingMap()).entrySet()) {
        if (!found.add(row.getKey().clone(), row.getValue().clone())) {
          break;
        }
      }
      return found.list();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void commit(Batch batch) {
    lock.lock();
    try {
      checkOpen();
      for (Batch.Write write : batch.writes()) {
        long epoch = epochs.getOrDefault(write.lease().partition(), 0L);
        if (write.lease().epoch() != epoch) {
          throw new StoreException.Fenced(write.lease(), epoch);
        }
      }
      for (Batch.Write write : batch.writes()) {
        NavigableMap<byte[], byte[]> rows = rows(write.lease().partition());
        switch (write) {
          case Batch.Write.Put(_, byte[] key, byte[] value) -> rows.put(key.clone(), value.clone());
          case Batch.Write.Delete(_, byte[] key) -> rows.remove(key);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Placed> walk(byte[] behind, int rows, int bytes) {
    lock.lock();
    try {
      checkOpen();
      List<Placed> page = new ArrayList<>();
      int sum = 0;
      for (var partition : partitions.entrySet()) {
        for (var row : partition.getValue().entrySet()) {
          byte[] position = Keys.row(partition.getKey(), row.getKey());
          if (Arrays.compareUnsigned(position, behind) <= 0) {
            continue;
          }
          if (page.size() == rows || sum >= bytes) {
            return page;
          }
          sum += row.getValue().length;
          Row copy = new Row(row.getKey().clone(), row.getValue().clone());
          page.add(new Placed(partition.getKey(), copy));
        }
      }
      return page;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void replace(List<Replacement> replacements) {
    lock.lock();
    try {
      checkOpen();
      for (Replacement r : replacements) {
        NavigableMap<byte[], byte[]> rows = rows(r.partition());
        if (Arrays.equals(rows.get(r.key()), r.expected())) {
          rows.put(r.key().clone(), r.value().clone());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private NavigableMap<byte[], byte[]> rows(Partition partition) {
    return partitions.computeIfAbsent(partition, _ -> new TreeMap<>(Arrays::compareUnsigned));
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException.Unavailable("the store is closed");
    }
  }
}

package dev.starling.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in partitions, ordered by key. Thread-safe. See the package for the guarantees and the
 * layout on disk.
 *
 * <p>All but {@link #close} throw {@link StoreException}.
 */
public interface Store extends AutoCloseable {
  /** Most rows of one scan: a page of any list has at most 100, a repair reads more. */
  int SCAN_ROWS_MAX = 10_000;

  /** Most bytes of one scan: the caller holds them at once. */
  int SCAN_BYTES_MAX = 64 << 20;

  /**
   * Makes the caller the partition's owner: raises its epoch durably, so that every earlier lease
   * is fenced.
   */
  Lease acquire(Partition partition);

  /** The value of a row, or null where there is none; a fresh array. */
  byte @Nullable [] get(Partition partition, byte[] key);

  /**
   * The first {@code limit} rows with {@code from <= key < to}, in the given order: descending
   * begins just below {@code to}. What it sees is one moment: no batch in part.
   *
   * @param from inclusive; an empty array is the partition's beginning
   * @param to exclusive; null is the partition's end
   * @param limit 1 to {@link #SCAN_ROWS_MAX}
   * @throws IllegalArgumentException if the rows exceed {@link #SCAN_BYTES_MAX} (they are never cut
   *     silently: ask for fewer), or for another limit
   */
  List<Row> scan(Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit);

  /**
   * Makes a batch durable and visible, whole or not at all, and returns when it is both. An empty
   * batch is nothing.
   *
   * @throws StoreException.Fenced if any of its leases is stale; then nothing of it is written
   */
  void commit(Batch batch);

  /**
   * Waits for the commits under way; later calls throw {@link StoreException.Unavailable}. Closing
   * twice is once.
   */
  @Override
  void close();
}

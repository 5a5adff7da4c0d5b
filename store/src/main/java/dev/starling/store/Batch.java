package dev.starling.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes that become durable and visible together, over one or more partitions of one node. Within
 * a batch a later write to a key replaces an earlier one. Not thread-safe; the arrays are not
 * copied, so leave them alone until the commit has returned.
 */
public final class Batch {
  /**
   * Longest key: ids and a 256-byte index with room to spare; RocksDB keeps keys in its in-memory
   * indexes.
   */
  public static final int KEY_BYTES_MAX = 512;

  /**
   * Longest value: a file part is 512 KiB and a profile far less, so more is a defect of the
   * caller.
   */
  public static final int VALUE_BYTES_MAX = 4 << 20;

  /**
   * Most writes in a batch: one message to a large group's readers on one node; more is several
   * batches.
   */
  public static final int WRITES_MAX = 10_000;

  /**
   * Most bytes in a batch: a few of the largest values; it is held in memory three times while it
   * is committed.
   */
  public static final int BATCH_BYTES_MAX = 16 << 20;

  /** One change of one row. */
  sealed interface Write {
    Lease lease();

    byte[] key();

    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Put(Lease lease, byte[] key, byte[] value) implements Write {}

    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Delete(Lease lease, byte[] key) implements Write {}
  }

  private final List<Write> writes = new ArrayList<>();
  private final int overhead;
  private long bytes;

  public Batch() {
    this(0);
  }

  /**
   * A batch of sealed rows, whose values may be longer than the caller's by {@code overhead} bytes
   * each.
   */
  Batch(int overhead) {
    this.overhead = overhead;
  }

  /**
   * Sets a row.
   *
   * @throws IllegalArgumentException over one of this class's caps
   */
  public Batch put(Lease lease, byte[] key, byte[] value) {
    if (value.length > VALUE_BYTES_MAX + overhead) {
      throw new IllegalArgumentException("a value of " + value.length + " bytes");
    }
    return add(new Write.Put(lease, key, value), value.length - overhead);
  }

  /**
   * Removes a row, if it is there.
   *
   * @throws IllegalArgumentException over one of this class's caps
   */
  public Batch delete(Lease lease, byte[] key) {
    return add(new Write.Delete(lease, key), 0);
  }

  public boolean isEmpty() {
    return writes.isEmpty();
  }

  /** How many writes it holds. */
  public int size() {
    return writes.size();
  }

  /** The sum of its keys and values, in bytes. */
  public long bytes() {
    return bytes;
  }

  List<Write> writes() {
    return Collections.unmodifiableList(writes);
  }

  private Batch add(Write write, int valueBytes) {
    checkKey(write.key());
    long sum = bytes + write.key().length + valueBytes;
    if (writes.size() == WRITES_MAX || sum > BATCH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a batch of " + (writes.size() + 1) + " writes, " + sum + " bytes");
    }
    bytes = sum;
    writes.add(write);
    return this;
  }

  static void checkKey(byte[] key) {
    if (key.length == 0 || key.length > KEY_BYTES_MAX) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.AuthKey;
import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.TlObject;
import dev.starling.tl.row.AuthKeyRow;
import dev.starling.tl.row.BoundKeyRow;
import dev.starling.tl.row.KeyExpiryRow;
import dev.starling.tl.row.TemporaryKeyRow;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition's auth keys, a write-through cache, and beside it a partition that tells when to
 * look at which of them. The lock is held over reads and commits; the map's monitor only for a
 * look-up.
 */
final class KeyBucket {
  /** Keys looked at in one go. */
  private static final int DUE_MAX = 1_000;

  /** A key with its row. */
  sealed interface Stored {
    AuthKey key();

    TlObject row();

    record Permanent(AuthKey key, AuthKeyRow row) implements Stored {}

    record Temporary(AuthKey key, TemporaryKeyRow row) implements Stored {}
  }

  private final Store store;
  private final Partition partition;
  private final Partition expiries;
  private final Partition bound;
  private final int number;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Partition, Lease> leases = new HashMap<>();
  private final Map<Long, Stored> cache;

  /**
   * @param cachedMax rows kept, about 600 bytes each
   */
  KeyBucket(Store store, int number, int cachedMax) {
    this.store = store;
    this.cache =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Stored> eldest) {
            return size() > cachedMax;
          }
        };
    this.partition = Partition.of("keys", number);
    this.expiries = Partition.of("expiries", number);
    this.bound = Partition.of("bound", number);
    this.number = number;
  }

  /** Does work that reads and writes; nobody else does meanwhile. */
  <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #locked(Supplier)}, of two: in one order, so that two never wait for each other. */
  static <T extends @Nullable Object> T locked(KeyBucket a, KeyBucket b, Supplier<T> work) {
    return a.number <= b.number ? a.locked(() -> b.locked(work)) : b.locked(() -> a.locked(work));
  }

  /** The key if it is at hand; never waits. */
  @Nullable Stored cached(long id) {
    synchronized (cache) {
      return cache.get(id);
    }
  }

  /** The key; under the lock. */
  @Nullable Stored load(long id) {
    Stored known = cached(id);
    if (known != null) {
      return known;
    }
    byte[] value = store.get(partition, Rows.key(id));
    if (value == null) {
      return null;
    }
    return keep(
        switch (Rows.decode(TlObject.class, value)) {
          case AuthKeyRow row -> new Stored.Permanent(new AuthKey(row.key()), row);
          case TemporaryKeyRow row -> new Stored.Temporary(new AuthKey(row.key()), row);
          case TlObject other ->
              throw new IllegalStateException("a key's row holds a " + other.getClass());
        });
  }

  /** Commits {@code batch} joined by the key's row; under the lock. */
  void write(Stored known, Batch batch) {
    long id = known.key().id();
    batch.put(lease(partition), Rows.key(id), Rows.encode(known.row()));
    commit(id, batch);
    keep(known);
  }

  /** Commits {@code batch} joined by the removal of the key's row; under the lock. */
  void delete(long id, Batch batch) {
    commit(id, batch.delete(lease(partition), Rows.key(id)));
  }

  private void commit(long id, Batch batch) {
    synchronized (cache) {
      cache.remove(id); // a commit that fails leaves in doubt which row there is
    }
    store.commit(batch);
  }

  /** Adds to {@code batch} that the key is to be looked at then, unix time; under the lock. */
  Batch remind(Batch batch, long id, int seconds) {
    return batch.put(lease(expiries), reminder(id, seconds), Rows.encode(new KeyExpiryRow()));
  }

  /** Takes that back. */
  Batch forget(Batch batch, long id, int seconds) {
    return batch.delete(lease(expiries), reminder(id, seconds));
  }

  /** A key whose time has come. */
  record Due(long id, int seconds) {}

  /** The keys to be looked at by now, at most {@value #DUE_MAX}. */
  List<Due> due(int nowSeconds) {
    byte[] to = ByteBuffer.allocate(Integer.BYTES).putInt(nowSeconds).array();
    return store.scan(expiries, new byte[0], to, Order.ASCENDING, DUE_MAX).stream()
        .map(KeyBucket::due)
        .toList();
  }

  private static Due due(Row row) {
    ByteBuffer key = ByteBuffer.wrap(row.key());
    int seconds = key.getInt();
    return new Due(key.getLong(), seconds);
  }

  private static byte[] reminder(long id, int seconds) {
    return ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(seconds).putLong(id).array();
  }

  /** A temporary key that speaks for a permanent one. */
  record Bound(long id, int expires) {}

  /** Adds to {@code batch} that {@code id} speaks for a permanent key here; under the lock. */
  void bound(Batch batch, long permanentId, Bound temporary) {
    batch.put(
        lease(bound),
        pair(permanentId, temporary.id),
        Rows.encode(new BoundKeyRow(temporary.expires)));
  }

  /** Takes that back. */
  Batch unbound(Batch batch, long permanentId, long id) {
    return batch.delete(lease(bound), pair(permanentId, id));
  }

  /** The temporary keys that speak for a permanent one, that first which expires first. */
  List<Bound> boundTo(long permanentId, int most) {
    byte[] from = Rows.key(permanentId);
    return store.scan(bound, from, Rows.after(from), Order.ASCENDING, most).stream()
        .map(
            row ->
                new Bound(
                    ByteBuffer.wrap(row.key()).getLong(Long.BYTES),
                    Rows.decode(BoundKeyRow.class, row.value()).expires()))
        .sorted(Comparator.comparingInt(Bound::expires))
        .toList();
  }

  private static byte[] pair(long permanentId, long id) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(permanentId).putLong(id).array();
  }

  private Lease lease(Partition of) {
    return leases.computeIfAbsent(of, store::acquire);
  }

  private Stored keep(Stored known) {
    synchronized (cache) {
      cache.put(known.key().id(), known);
    }
    return known;
  }
}

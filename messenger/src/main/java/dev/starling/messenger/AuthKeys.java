package dev.starling.messenger;

import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.Partition;
import dev.starling.store.Store;
import dev.starling.tl.Layer;
import dev.starling.tl.row.AuthKeyRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Auth keys and what is remembered with each: the data centre it was made for, the client's layer,
 * who is signed in. The rows are spread over {@link #BUCKETS} partitions, so that making keys is
 * not one owner's queue; a bucket's lease is acquired when the bucket is first written.
 *
 * <p>A bucket is a write-through cache: whatever changes a row does so under the bucket's lock, in
 * the store first. So an evicted row costs a read and nothing else, and nobody keeps a copy that
 * could be stale.
 */
public final class AuthKeys {
  static final int BUCKETS = 64;

  /**
   * Rows kept a bucket: 64 x 1024 rows of about 500 bytes are 32 MB, three times the connections
   * that a process has.
   */
  static final int CACHED_A_BUCKET = 1024;

  private final Store store;
  private final Env env;
  private final Bucket[] buckets = new Bucket[BUCKETS];

  /** An auth key with its row. */
  public record Known(AuthKey key, AuthKeyRow row) {
    /** Who is signed in by this key; 0 when nobody is. */
    public long accountId() {
      Long account = row.accountId();
      return account == null ? 0 : account;
    }

    /** The layer to write answers in; the newest for a client that never told. */
    public Layer layer() {
      return row.layer() == 0 ? Layer.NEWEST : Layer.of(row.layer());
    }
  }

  public AuthKeys(Store store, Env env) {
    this.store = store;
    this.env = env;
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new Bucket(Partition.of("keys", i));
    }
  }

  /** The key if it is at hand; never waits, so an event loop may ask. */
  public @Nullable Known cached(long id) {
    return bucket(id).cached(id);
  }

  /** The key; reads the store when it must. Null when there is no such key. */
  public @Nullable Known find(long id) {
    Bucket bucket = bucket(id);
    Known known = bucket.cached(id);
    return known != null ? known : bucket.locked(() -> bucket.load(id));
  }

  /**
   * Stores a fresh key durably.
   *
   * @param dc the data centre that the client named in the handshake
   * @return false, and nothing changes, when there already is a key of the same id
   */
  public boolean create(AuthKey key, int dc) {
    Bucket bucket = bucket(key.id());
    return bucket.locked(
        () -> {
          if (bucket.load(key.id()) != null) {
            return false;
          }
          AuthKeyRow row = AuthKeyRow.of(key.key256(), dc, 0, env.unixSeconds());
          bucket.write(new Known(key, row), new Batch());
          return true;
        });
  }

  /**
   * Commits {@code batch} joined by the row that says that {@code accountId} is signed in by this
   * key.
   */
  public void bind(long id, long accountId, Batch batch) {
    change(id, row -> row.withAccountId(accountId), batch);
  }

  /** Commits {@code batch} joined by the row that says that nobody is signed in by this key. */
  public void unbind(long id, Batch batch) {
    change(id, row -> row.withAccountId(null), batch);
  }

  /** Remembers the layer that the client of this key speaks. */
  public void layer(long id, int layer) {
    change(id, row -> row.withLayer(layer), new Batch());
  }

  private void change(long id, UnaryOperator<AuthKeyRow> change, Batch batch) {
    Bucket bucket = bucket(id);
    bucket.locked(
        () -> {
          Known known = bucket.load(id);
          if (known == null) {
            throw new IllegalStateException("an auth key that is in use has no row");
          }
          bucket.write(new Known(known.key, change.apply(known.row)), batch);
          return true;
        });
  }

  private Bucket bucket(long id) {
    return buckets[(int) (id & (BUCKETS - 1))];
  }

  /**
   * One partition's rows. The lock is held over reads and commits; the map's monitor only for a
   * look-up.
   */
  private final class Bucket {
    private final Partition partition;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Lease lease;
    private final Map<Long, Known> cache =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
            return size() > CACHED_A_BUCKET;
          }
        };

    Bucket(Partition partition) {
      this.partition = partition;
    }

    <T extends @Nullable Object> T locked(Supplier<T> work) {
      lock.lock();
      try {
        return work.get();
      } finally {
        lock.unlock();
      }
    }

    @Nullable Known cached(long id) {
      synchronized (cache) {
        return cache.get(id);
      }
    }

    @Nullable Known load(long id) {
      Known known = cached(id);
      if (known != null) {
        return known;
      }
      AuthKeyRow row = Rows.decodeIfPresent(AuthKeyRow.class, store.get(partition, Rows.key(id)));
      return row == null ? null : keep(new Known(new AuthKey(row.key()), row));
    }

    void write(Known known, Batch batch) {
      if (lease == null) {
        lease = store.acquire(partition);
      }
      batch.put(lease, Rows.key(known.key.id()), Rows.encode(known.row));
      forget(known.key.id()); // a commit that fails leaves in doubt which row there is
      store.commit(batch);
      keep(known);
    }

    private void forget(long id) {
      synchronized (cache) {
        cache.remove(id);
      }
    }

    private Known keep(Known known) {
      synchronized (cache) {
        cache.put(known.key.id(), known);
      }
      return known;
    }
  }
}

package dev.starling.messenger;

import dev.starling.messenger.KeyBucket.Bound;
import dev.starling.messenger.KeyBucket.Due;
import dev.starling.messenger.KeyBucket.Stored;
import dev.starling.messenger.KeyBucket.Stored.Permanent;
import dev.starling.messenger.KeyBucket.Stored.Temporary;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Store;
import dev.starling.tl.Layer;
import dev.starling.tl.row.AuthKeyRow;
import dev.starling.tl.row.TemporaryKeyRow;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Auth keys and what is remembered with each: the data centre it was made for, the client's layer,
 * who is signed in. The rows are spread over {@link #BUCKETS} partitions, so that making keys is
 * not one owner's queue; a bucket's lease is acquired when the bucket is first written.
 *
 * <p>A temporary key speaks for the permanent one that it is bound to: layer and account are that
 * one's, and it dies with it. It is no more once it has expired, whatever still lies in the store.
 *
 * <p>A bucket is a write-through cache: whatever changes a row does so under the bucket's lock, in
 * the store first. So an evicted row costs a read and nothing else, and nobody keeps a copy that
 * could be stale.
 */
public final class AuthKeys {
  static final int BUCKETS = 64;

  /**
   * A permanent key by which nobody has signed in for so long is thrown away: strangers can make
   * any number of them.
   */
  static final Duration UNUSED_MAX = Duration.ofDays(30);

  /**
   * Temporary keys that speak for one permanent key at once: a client has one for each of its
   * connections, and those that it renewed within a day. One more ends the one that expires first.
   */
  static final int TEMPORARY_MAX = 64;

  private final Env env;
  private final KeyBucket[] buckets = new KeyBucket[BUCKETS];
  private int nextSwept;

  /**
   * A key that packets may come under.
   *
   * @param permanentId of the permanent key that it is or speaks for; 0 for a temporary key that is
   *     not bound, which nobody knows anything of
   * @param dc the data centre that the client named in the handshake
   * @param row what is remembered with the permanent key
   */
  public record Known(AuthKey key, long permanentId, int dc, AuthKeyRow row) {
    /** Who is signed in by this key; 0 when nobody is. */
    public long accountId() {
      Long account = row.accountId();
      return account == null ? 0 : account;
    }

    /** The layer to write answers in; the newest for a client that never told. */
    public Layer layer() {
      return row.layer() == 0 ? Layer.NEWEST : Layer.of(row.layer());
    }

    /** Whether it is a temporary key that speaks for nobody. */
    public boolean unbound() {
      return permanentId == 0;
    }
  }

  /** Keys at hand: three times the connections that a process has. */
  static final int CACHED_MAX = 1 << 16;

  /** A key with its row, and of the heap what all of them may take. */
  private static final int CACHED_BYTES = 600;

  private static final int CACHED_PART = 16;

  public AuthKeys(Store store, Env env) {
    this(store, env, Long.MAX_VALUE);
  }

  /**
   * @param heapBytes of the process: of a small one fewer keys are kept at hand
   */
  public AuthKeys(Store store, Env env, long heapBytes) {
    this.env = env;
    int cached = (int) Math.min(CACHED_MAX, heapBytes / CACHED_PART / CACHED_BYTES);
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new KeyBucket(store, i, Math.max(1, cached / BUCKETS));
    }
  }

  /** The key if it is at hand; never waits, so an event loop may ask. */
  public @Nullable Known cached(long id) {
    return known(id, other -> bucket(other).cached(other));
  }

  /** The key; reads the store when it must. Null when there is no such key. */
  public @Nullable Known find(long id) {
    return known(id, this::stored);
  }

  private @Nullable Stored stored(long id) {
    KeyBucket bucket = bucket(id);
    Stored known = bucket.cached(id);
    return known != null ? known : bucket.locked(() -> bucket.load(id));
  }

  private @Nullable Known known(long id, LongFunction<@Nullable Stored> look) {
    return switch (look.apply(id)) {
      case null -> null;
      case Permanent(AuthKey key, AuthKeyRow row) -> new Known(key, id, row.dc(), row);
      case Temporary(_, TemporaryKeyRow row) when row.expires() <= env.unixSeconds() -> null;
      case Temporary(AuthKey key, TemporaryKeyRow row) -> {
        Long permanentId = row.permanentId();
        if (permanentId == null) {
          AuthKeyRow nobody = AuthKeyRow.of(new byte[0], row.dc(), 0, row.created());
          yield new Known(key, 0, row.dc(), nobody);
        }
        yield look.apply(permanentId) instanceof Permanent(_, AuthKeyRow permanent)
            ? new Known(key, permanentId, row.dc(), permanent)
            : null;
      }
    };
  }

  /** As {@link #create(AuthKey, int, int)}, of a permanent key. */
  public boolean create(AuthKey key, int dc) {
    return create(key, dc, 0);
  }

  /**
   * Stores a fresh key durably.
   *
   * @param dc the data centre that the client named in the handshake
   * @param expiresIn seconds that a temporary key lives; 0 for a permanent one
   * @return false, and nothing changes, when there already is a key of the same id
   */
  public boolean create(AuthKey key, int dc, int expiresIn) {
    int now = env.unixSeconds();
    int looked = now + (expiresIn == 0 ? (int) UNUSED_MAX.toSeconds() : expiresIn);
    Stored fresh =
        expiresIn == 0
            ? new Permanent(key, AuthKeyRow.of(key.key256(), dc, 0, now))
            : new Temporary(key, TemporaryKeyRow.of(key.key256(), dc, now, looked));
    KeyBucket bucket = bucket(key.id());
    return bucket.locked(
        () -> {
          if (bucket.load(key.id()) != null) {
            return false;
          }
          bucket.write(fresh, bucket.remind(new Batch(), key.id(), looked));
          return true;
        });
  }

  /** What became of the binding of a temporary key. */
  enum Binding {
    BOUND,
    /** To another permanent key: it stays so. */
    BOUND_ALREADY,
    /** It is no temporary key, or no more. */
    NONE
  }

  /**
   * Makes a temporary key speak for a permanent one; once more changes nothing but the time.
   *
   * @param expires unix time; a key never lives longer than its handshake said
   */
  Binding bindTemporary(long id, long permanentId, int expires) {
    KeyBucket bucket = bucket(id);
    KeyBucket permanent = bucket(permanentId);
    Binding made =
        KeyBucket.locked(
            bucket, permanent, () -> bind(bucket, permanent, id, permanentId, expires));
    if (made == Binding.BOUND) {
      List<Bound> all = permanent.boundTo(permanentId, 2 * TEMPORARY_MAX);
      all.stream()
          .filter(other -> other.id() != id)
          .limit(Math.max(0, all.size() - TEMPORARY_MAX))
          .forEach(other -> drop(other.id(), permanentId, new Batch()));
    }
    return made;
  }

  private static Binding bind(
      KeyBucket bucket, KeyBucket permanent, long id, long permanentId, int expires) {
    if (!(bucket.load(id) instanceof Temporary(AuthKey key, TemporaryKeyRow row))) {
      return Binding.NONE;
    }
    Long former = row.permanentId();
    if (former != null && former != permanentId) {
      return Binding.BOUND_ALREADY;
    }
    int until = Math.min(expires, row.expires());
    Batch batch = bucket.forget(new Batch(), id, row.expires());
    bucket.remind(batch, id, until);
    permanent.bound(batch, permanentId, new Bound(id, until));
    bucket.write(new Temporary(key, row.withPermanentId(permanentId).withExpires(until)), batch);
    return Binding.BOUND;
  }

  /** Throws away the temporary keys that speak for a permanent one, but for those to be kept. */
  void dropTemporary(long permanentId, Set<Long> kept) {
    bucket(permanentId).boundTo(permanentId, 2 * TEMPORARY_MAX).stream()
        .filter(temporary -> !kept.contains(temporary.id()))
        .forEach(temporary -> drop(temporary.id(), permanentId, new Batch()));
  }

  /** Commits {@code batch} joined by the removal of a temporary key that speaks for another. */
  private void drop(long id, long permanentId, Batch batch) {
    KeyBucket bucket = bucket(id);
    KeyBucket permanent = bucket(permanentId);
    KeyBucket.locked(
        bucket,
        permanent,
        () -> {
          permanent.unbound(batch, permanentId, id);
          if (bucket.load(id) instanceof Temporary(_, TemporaryKeyRow row)) {
            bucket.forget(batch, id, row.expires());
          }
          bucket.delete(id, batch);
          return true;
        });
  }

  /** Commits {@code batch} joined by the removal of the key, and of those that speak for it. */
  public void destroy(long id, Batch batch) {
    KeyBucket bucket = bucket(id);
    bucket.locked(
        () -> {
          bucket.delete(id, batch);
          return true;
        });
    dropTemporary(id, Set.of());
  }

  /**
   * Commits {@code batch} joined by the row that says that {@code accountId} is signed in by this
   * permanent key.
   */
  public void bind(long id, long accountId, Batch batch) {
    change(id, row -> row.withAccountId(accountId), batch);
  }

  /** Commits {@code batch} joined by the row that says that nobody is signed in by this key. */
  public void unbind(long id, Batch batch) {
    change(id, row -> row.withAccountId(null), batch);
  }

  /** Remembers the layer that the client of this permanent key speaks. */
  public void layer(long id, int layer) {
    change(id, row -> row.withLayer(layer), new Batch());
  }

  private void change(long id, UnaryOperator<AuthKeyRow> change, Batch batch) {
    KeyBucket bucket = bucket(id);
    bucket.locked(
        () -> {
          if (!(bucket.load(id) instanceof Permanent(AuthKey key, AuthKeyRow row))) {
            throw new IllegalStateException("a permanent key that is in use has no row");
          }
          bucket.write(new Permanent(key, change.apply(row)), batch);
          return true;
        });
  }

  /** Throws away what has expired, in the bucket whose turn it is. */
  synchronized void sweep() {
    KeyBucket bucket = buckets[nextSwept++ % BUCKETS];
    bucket.due(env.unixSeconds()).forEach(due -> sweep(bucket, due));
  }

  private void sweep(KeyBucket bucket, Due due) {
    Long permanentId =
        stored(due.id()) instanceof Temporary temporary ? temporary.row().permanentId() : null;
    if (permanentId != null) {
      Batch batch = bucket.locked(() -> bucket.forget(new Batch(), due.id(), due.seconds()));
      drop(due.id(), permanentId, batch);
    } else {
      bucket.locked(() -> sweepAlone(bucket, due));
    }
  }

  private static boolean sweepAlone(KeyBucket bucket, Due due) {
    Batch batch = bucket.forget(new Batch(), due.id(), due.seconds());
    if (bucket.load(due.id()) instanceof Permanent kept && kept.row().accountId() != null) {
      bucket.write(kept, batch);
    } else {
      bucket.delete(due.id(), batch);
    }
    return true;
  }

  private KeyBucket bucket(long id) {
    return buckets[(int) (id & (BUCKETS - 1))];
  }
}

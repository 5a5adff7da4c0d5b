package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.AuthKeys.Known;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.MemoryStore;
import dev.starling.store.Partition;
import dev.starling.store.StoreException;
import dev.starling.tl.Layer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthKeysTest {
  private static final Partition ACCOUNT = Partition.of("account", 7);
  private static final byte[] ROW = {1};

  private final MemoryStore store = new MemoryStore();
  private final Env env =
      new Env(
          InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)),
          new Random(3),
          (_, _) -> () -> {});
  private final AuthKeys keys = new AuthKeys(store, env);

  @Test
  void aKeyIsThereForTheNextProcess() {
    AuthKey key = key();
    assertNull(keys.find(key.id()));
    assertTrue(keys.create(key, 2));
    assertNull(new AuthKeys(store, env).cached(key.id()));
    Known known = found(new AuthKeys(store, env), key);
    assertEquals(key, known.key());
    assertEquals(2, known.row().dc());
    assertEquals(1_800_000_000, known.row().created());
    assertEquals(Layer.NEWEST, known.layer());
    assertEquals(0, known.accountId());
  }

  @Test
  void aKeyIsNeverReplaced() {
    AuthKey key = key();
    keys.create(key, 2);
    keys.bind(key.id(), 7, new Batch());
    assertFalse(keys.create(key, 4));
    assertEquals(7, found(keys, key).accountId());
  }

  @Test
  void signingInIsOneBatch() {
    AuthKey key = key();
    keys.create(key, 2);
    Lease lease = store.acquire(ACCOUNT);
    keys.bind(key.id(), 7, new Batch().put(lease, ROW, ROW));
    assertNotNull(store.get(ACCOUNT, ROW));
    assertEquals(7, found(keys, key).accountId());
    assertEquals(7, found(new AuthKeys(store, env), key).accountId());
    keys.unbind(key.id(), new Batch().delete(lease, ROW));
    assertNull(store.get(ACCOUNT, ROW));
    assertEquals(0, found(keys, key).accountId());
  }

  @Test
  void aBatchThatFailsSignsNobodyIn() {
    AuthKey key = key();
    keys.create(key, 2);
    Lease former = store.acquire(ACCOUNT);
    store.acquire(ACCOUNT);
    Batch batch = new Batch().put(former, ROW, ROW);
    assertThrows(StoreException.Fenced.class, () -> keys.bind(key.id(), 7, batch));
    assertEquals(0, found(keys, key).accountId());
  }

  @Test
  void theLayerIsRemembered() {
    AuthKey key = key();
    keys.create(key, 2);
    keys.layer(key.id(), 227);
    assertEquals(Layer.of(227), found(new AuthKeys(store, env), key).layer());
  }

  @Test
  void rowsBeyondTheCacheAreRead() {
    AuthKey first = key();
    keys.create(first, 2);
    keys.bind(first.id(), 7, new Batch());
    for (int others = 0; others < AuthKeys.CACHED_A_BUCKET; ) {
      AuthKey other = key();
      if (other.id() % AuthKeys.BUCKETS == first.id() % AuthKeys.BUCKETS) {
        keys.create(other, 2);
        others++;
      }
    }
    assertNull(keys.cached(first.id()));
    assertEquals(7, found(keys, first).accountId());
  }

  private static Known found(AuthKeys keys, AuthKey key) {
    return Objects.requireNonNull(keys.find(key.id()));
  }

  private AuthKey key() {
    return new AuthKey(env.bytes(AuthKey.BYTES));
  }
}

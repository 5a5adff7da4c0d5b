package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.AuthKeys.Binding;
import dev.starling.messenger.AuthKeys.Known;
import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.MemoryStore;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.StoreException;
import dev.starling.tl.Layer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuthKeysTest {
  private static final Partition ACCOUNT = Partition.of("account", 7);
  private static final byte[] ROW = {1};

  private static final int START = 1_800_000_000;

  private long now = START;
  private final MemoryStore store = new MemoryStore();
  private final Env env =
      new Env(() -> Instant.ofEpochSecond(now), new Random(3), (_, _) -> () -> {});
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
    for (int others = 0; others < AuthKeys.CACHED_MAX / AuthKeys.BUCKETS; ) {
      AuthKey other = key();
      if (other.id() % AuthKeys.BUCKETS == first.id() % AuthKeys.BUCKETS) {
        keys.create(other, 2);
        others++;
      }
    }
    assertNull(keys.cached(first.id()));
    assertEquals(7, found(keys, first).accountId());
  }

  /** A permanent key by which account 7 is signed in, and a temporary one that speaks for it. */
  private AuthKey boundTo(AuthKey permanent) {
    AuthKey temporary = key();
    keys.create(permanent, 2);
    keys.create(temporary, 4, 100);
    keys.bind(permanent.id(), 7, new Batch());
    keys.layer(permanent.id(), 214);
    assertEquals(Binding.BOUND, keys.bindTemporary(temporary.id(), permanent.id(), START + 1_000));
    return temporary;
  }

  @Test
  void aTemporaryKeySpeaksForNobodyAtFirst() {
    AuthKey temporary = key();
    assertTrue(keys.create(temporary, 4, 100));
    Known known = found(keys, temporary);
    assertTrue(known.unbound());
    assertEquals(0, known.accountId());
    assertEquals(4, known.dc());
  }

  @Test
  void aBoundKeySpeaksForItsPermanentOneInTheNextProcessToo() {
    AuthKey permanent = key();
    AuthKey temporary = boundTo(permanent);
    for (AuthKeys each : List.of(keys, new AuthKeys(store, env))) {
      Known known = found(each, temporary);
      assertEquals(temporary, known.key());
      assertEquals(permanent.id(), known.permanentId());
      assertEquals(7, known.accountId());
      assertEquals(Layer.of(214), known.layer());
      assertEquals(4, known.dc());
      assertEquals(known, each.cached(temporary.id()));
    }
    keys.unbind(permanent.id(), new Batch());
    assertEquals(0, found(keys, temporary).accountId());
  }

  @Test
  void aTemporaryKeyExpires() {
    AuthKey temporary = boundTo(key());
    now = START + 99;
    assertNotNull(keys.find(temporary.id()));
    now = START + 100;
    assertNull(keys.cached(temporary.id()));
    assertNull(keys.find(temporary.id()));
    assertNull(new AuthKeys(store, env).find(temporary.id()));
  }

  @Test
  void bindingMayShortenItsLife() {
    AuthKey permanent = key();
    AuthKey temporary = boundTo(permanent);
    keys.bindTemporary(temporary.id(), permanent.id(), START + 50);
    now = START + 50;
    assertNull(keys.find(temporary.id()));
  }

  @Test
  void itIsBoundToOneKeyForLife() {
    AuthKey permanent = key();
    AuthKey temporary = boundTo(permanent);
    AuthKey other = key();
    keys.create(other, 2);
    assertEquals(Binding.BOUND, keys.bindTemporary(temporary.id(), permanent.id(), START + 99));
    assertEquals(Binding.BOUND_ALREADY, keys.bindTemporary(temporary.id(), other.id(), START + 99));
    assertEquals(Binding.NONE, keys.bindTemporary(other.id(), permanent.id(), START + 99));
    assertEquals(permanent.id(), found(keys, temporary).permanentId());
  }

  @Test
  void temporaryKeysDieWithThePermanentOne() {
    AuthKey permanent = key();
    AuthKey temporary = boundTo(permanent);
    keys.destroy(permanent.id(), new Batch());
    assertNull(keys.find(permanent.id()));
    assertNull(keys.cached(temporary.id()));
    assertNull(keys.find(temporary.id()));
  }

  @Test
  void whatHasExpiredIsSweptAndNothingElse() {
    AuthKey permanent = key();
    AuthKey temporary = boundTo(permanent);
    AuthKey unused = key();
    keys.create(unused, 2);
    now = START + 200;
    sweepAll();
    assertNull(row(temporary));
    assertNotNull(row(unused));
    now += AuthKeys.UNUSED_MAX.toSeconds();
    sweepAll();
    assertNull(row(unused));
    assertEquals(7, found(new AuthKeys(store, env), permanent).accountId());
    assertEquals(List.of(), left("expiries"));
    assertEquals(List.of(), left("bound"));
  }

  @Test
  void oneTemporaryKeyTooManyEndsTheOneThatExpiresFirst() {
    AuthKey permanent = key();
    keys.create(permanent, 2);
    List<AuthKey> made = new ArrayList<>();
    for (int i = 0; i <= AuthKeys.TEMPORARY_MAX; i++) {
      AuthKey temporary = key();
      made.add(temporary);
      keys.create(temporary, 2, 10_000);
      keys.bindTemporary(temporary.id(), permanent.id(), START + 9_000 - i);
    }
    AuthKey first = made.remove(AuthKeys.TEMPORARY_MAX - 1);
    assertNull(keys.find(first.id()), "the last is the one just bound: it stays");
    assertNull(row(first));
    made.forEach(kept -> assertNotNull(keys.find(kept.id())));
  }

  @Test
  void droppedTemporaryKeysAreGoneWithTheirRows() {
    AuthKey permanent = key();
    AuthKey dropped = boundTo(permanent);
    AuthKey kept = key();
    keys.create(kept, 2, 100);
    keys.bindTemporary(kept.id(), permanent.id(), START + 100);
    keys.dropTemporary(permanent.id(), Set.of(kept.id()));
    assertNull(keys.find(dropped.id()));
    assertNull(row(dropped));
    assertNotNull(keys.find(kept.id()));
    keys.destroy(permanent.id(), new Batch());
    assertNull(row(kept), "it dies with the permanent one");
    assertEquals(List.of(), left("bound"));
    assertEquals(1, left("expiries").size(), "of the permanent key");
  }

  private List<Row> left(String index) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < AuthKeys.BUCKETS; i++) {
      rows.addAll(store.scan(Partition.of(index, i), new byte[0], null, Order.ASCENDING, 10));
    }
    return rows;
  }

  private void sweepAll() {
    for (int i = 0; i < AuthKeys.BUCKETS; i++) {
      keys.sweep();
    }
  }

  private byte @Nullable [] row(AuthKey key) {
    return store.get(Partition.of("keys", key.id() & (AuthKeys.BUCKETS - 1)), Rows.key(key.id()));
  }

  private static Known found(AuthKeys keys, AuthKey key) {
    return Objects.requireNonNull(keys.find(key.id()));
  }

  private AuthKey key() {
    return new AuthKey(env.bytes(AuthKey.BYTES));
  }
}

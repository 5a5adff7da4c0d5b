package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} does. */
interface StoreContract {
  Partition ALICE = Partition.of("account", 1);
  Partition BOB = Partition.of("account", 12); // its name begins with Alice's

  /** The store under test, empty at first. */
  Store store();

  @AfterEach
  default void closeStore() {
    store().close();
  }

  @Test
  default void committedRowsAreFound() {
    Lease lease = store().acquire(ALICE);
    store()
        .commit(new Batch().put(lease, bytes("a"), bytes("1")).put(lease, bytes("b"), bytes("")));
    assertEquals("1", text(store().get(ALICE, bytes("a"))));
    assertEquals("", text(store().get(ALICE, bytes("b"))));
    assertNull(store().get(ALICE, bytes("c")));
    assertNull(store().get(BOB, bytes("a")));
  }

  @Test
  default void laterWritesReplaceEarlierOnes() {
    Lease lease = store().acquire(ALICE);
    Batch batch = new Batch().put(lease, bytes("a"), bytes("1")).put(lease, bytes("a"), bytes("2"));
    store().commit(batch.put(lease, bytes("b"), bytes("3")).delete(lease, bytes("b")));
    assertEquals("a=2", scan(ALICE, "", Order.ASCENDING, 9));
    store().commit(new Batch().delete(lease, bytes("a")).delete(lease, bytes("never there")));
    assertEquals("", scan(ALICE, "", Order.ASCENDING, 9));
  }

  @Test
  default void scansAreOrderedBoundedAndOfOnePartition() {
    Lease alice = store().acquire(ALICE);
    Lease bob = store().acquire(BOB);
    Batch batch = new Batch().put(bob, bytes("0"), bytes("x")).put(bob, bytes("z"), bytes("x"));
    for (String key : List.of("b", "ab", "a", "\u00ff\u00ff", "c", "\u0080")) {
      batch.put(alice, bytes(key), bytes(""));
    }
    store().commit(batch);
    assertEquals("a= ab= b= c= \u0080= \u00ff\u00ff=", scan(ALICE, "", Order.ASCENDING, 9));
    assertEquals("\u00ff\u00ff= \u0080= c= b= ab= a=", scan(ALICE, "", Order.DESCENDING, 9));
    assertEquals("a= ab=", scan(ALICE, "", Order.ASCENDING, 2));
    assertEquals("\u00ff\u00ff= \u0080=", scan(ALICE, "", Order.DESCENDING, 2));
    assertEquals("ab= b=", text(store().scan(ALICE, bytes("ab"), bytes("c"), Order.ASCENDING, 9)));
    assertEquals("b= ab=", text(store().scan(ALICE, bytes("ab"), bytes("c"), Order.DESCENDING, 9)));
    assertEquals("b=", text(store().scan(ALICE, bytes("aa"), bytes("c"), Order.DESCENDING, 1)));
    assertEquals("", text(store().scan(ALICE, bytes("c"), bytes("c"), Order.ASCENDING, 9)));
    assertEquals("", text(store().scan(ALICE, bytes("d"), bytes("c"), Order.DESCENDING, 9)));
    assertEquals("", scan(new Partition("account/2"), "", Order.DESCENDING, 9));
  }

  @Test
  default void aBatchOverPartitionsIsWholeOrNothing() {
    Lease alice = store().acquire(ALICE);
    Lease bob = store().acquire(BOB);
    store()
        .commit(
            new Batch().put(alice, bytes("sent"), bytes("1")).put(bob, bytes("got"), bytes("1")));
    Lease newBob = store().acquire(BOB);
    Batch stale =
        new Batch().put(alice, bytes("sent"), bytes("2")).put(bob, bytes("got"), bytes("2"));
    assertThrows(StoreException.Fenced.class, () -> store().commit(stale));
    assertEquals("1", text(store().get(ALICE, bytes("sent"))));
    assertEquals("1", text(store().get(BOB, bytes("got"))));
    store()
        .commit(
            new Batch()
                .put(alice, bytes("sent"), bytes("3"))
                .put(newBob, bytes("got"), bytes("3")));
    assertEquals("sent=3", scan(ALICE, "", Order.ASCENDING, 9));
    assertEquals("got=3", scan(BOB, "", Order.ASCENDING, 9));
  }

  @Test
  default void aLeaseEndsWhenSomebodyAcquires() {
    Lease first = store().acquire(ALICE);
    Lease second = store().acquire(ALICE);
    assertTrue(second.epoch() > first.epoch());
    Batch stale = new Batch().put(first, bytes("a"), bytes("1"));
    assertThrows(StoreException.Fenced.class, () -> store().commit(stale));
    Batch forged = new Batch().delete(new Lease(BOB, 1), bytes("a"));
    assertThrows(StoreException.Fenced.class, () -> store().commit(forged));
    assertEquals("", scan(ALICE, "", Order.ASCENDING, 9));
    store().commit(new Batch().put(second, bytes("a"), bytes("2")));
    assertEquals("a=2", scan(ALICE, "", Order.ASCENDING, 9));
  }

  @Test
  default void theLargestKeyAndValueFit() {
    Lease lease = store().acquire(ALICE);
    byte[] key = new byte[Batch.KEY_BYTES_MAX];
    byte[] value = new byte[Batch.VALUE_BYTES_MAX];
    value[value.length - 1] = 7;
    store().commit(new Batch().put(lease, key, value));
    assertArrayEquals(value, store().get(ALICE, key));
    Batch batch = new Batch();
    assertThrows(
        IllegalArgumentException.class, () -> batch.put(lease, new byte[key.length + 1], value));
    assertThrows(
        IllegalArgumentException.class, () -> batch.put(lease, key, new byte[value.length + 1]));
    assertThrows(IllegalArgumentException.class, () -> batch.put(lease, new byte[0], value));
    assertTrue(batch.isEmpty());
    assertThrows(IllegalArgumentException.class, () -> scan(ALICE, "", Order.ASCENDING, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> scan(ALICE, "", Order.ASCENDING, Store.SCAN_ROWS_MAX + 1));
  }

  @Test
  default void aScanOfTooManyBytesIsRefusedNotCut() {
    Lease lease = store().acquire(ALICE);
    int rows = Store.SCAN_BYTES_MAX / Batch.VALUE_BYTES_MAX;
    for (int i = 0; i < rows; i++) {
      store().commit(new Batch().put(lease, bytes("" + (char) i), new byte[Batch.VALUE_BYTES_MAX]));
    }
    assertThrows(IllegalArgumentException.class, () -> scan(ALICE, "", Order.ASCENDING, rows));
    assertEquals(1, store().scan(ALICE, bytes("\u0001"), null, Order.DESCENDING, 1).size());
  }

  @Test
  default void whatIsHandedOutAndInIsCopied() {
    Lease lease = store().acquire(ALICE);
    byte[] value = bytes("1");
    store().commit(new Batch().put(lease, bytes("a"), value));
    value[0] = '2';
    byte[] found = store().get(ALICE, bytes("a"));
    assertEquals("1", text(found));
    store().scan(ALICE, bytes(""), null, Order.ASCENDING, 1).getFirst().value()[0] = '3';
    assertEquals("1", text(store().get(ALICE, bytes("a"))));
  }

  @Test
  default void manyWritersLoseNothing() throws Exception {
    int writers = 32;
    int commits = 20;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> done = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        Partition mine = Partition.of("account", 100 + writer);
        done.add(threads.submit(countUp(mine, commits)));
      }
      for (Future<Void> one : done) {
        one.get();
      }
    }
    for (int writer = 0; writer < writers; writer++) {
      assertEquals(
          "" + commits, text(store().get(Partition.of("account", 100 + writer), bytes("n"))));
    }
  }

  /** Reads, adds one, commits: each read must see the commit before. */
  private Callable<Void> countUp(Partition partition, int times) {
    return () -> {
      Lease lease = store().acquire(partition);
      for (int i = 0; i < times; i++) {
        byte[] found = store().get(partition, bytes("n"));
        int n = found == null ? 0 : Integer.parseInt(text(found));
        store().commit(new Batch().put(lease, bytes("n"), bytes("" + (n + 1))));
      }
      return null;
    };
  }

  @Test
  default void aClosedStoreSaysSo() {
    Lease lease = store().acquire(ALICE);
    store().commit(new Batch());
    store().close();
    store().close();
    Batch batch = new Batch().put(lease, bytes("a"), bytes("1"));
    assertThrows(StoreException.Unavailable.class, () -> store().commit(batch));
    assertThrows(StoreException.Unavailable.class, () -> store().get(ALICE, bytes("a")));
    assertThrows(StoreException.Unavailable.class, () -> scan(ALICE, "", Order.ASCENDING, 1));
    assertThrows(StoreException.Unavailable.class, () -> store().acquire(ALICE));
  }

  private String scan(Partition partition, String from, Order order, int limit) {
    return text(store().scan(partition, bytes(from), null, order, limit));
  }
}

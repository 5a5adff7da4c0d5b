package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SealedStoreTest {
  private static final Partition ALICE = Partition.of("account", 1);
  private static final Partition BOB = Partition.of("account", 2);
  private static final String VALUE = "meet me at the bridge";

  private final MemoryStore raw = new MemoryStore();
  private final Store sealed = seal(raw);
  private Lease lease;

  static Store seal(Store raw) {
    return new SealedStore(raw, new FixedKeyRing("k", 1), new Random(1));
  }

  @BeforeEach
  void write() {
    lease = sealed.acquire(ALICE);
    sealed.commit(
        new Batch().put(lease, bytes("a"), bytes(VALUE)).put(lease, bytes("b"), bytes(VALUE)));
  }

  private byte[] row() {
    return Objects.requireNonNull(raw.get(ALICE, bytes("a")));
  }

  @Test
  void theDiskHoldsNoise() {
    String row = text(raw.get(ALICE, bytes("a")));
    assertFalse(row.contains("bridge"));
    assertEquals("\u0001\u0000\u0000\u0000\u0001", row.substring(0, 5)); // format 1, epoch 1
    assertEquals(5 + 12 + VALUE.length() + 16, row.length());
    assertNotEquals(row.substring(17), text(raw.get(ALICE, bytes("b"))).substring(17));
  }

  @Test
  void aRowOpensOnlyInItsPlace() {
    byte[] row = row();
    raw.commit(new Batch().put(lease, bytes("b"), row).put(raw.acquire(BOB), bytes("a"), row));
    assertEquals(VALUE, text(sealed.get(ALICE, bytes("a"))));
    assertThrows(StoreException.Corrupt.class, () -> sealed.get(ALICE, bytes("b")));
    assertThrows(StoreException.Corrupt.class, () -> sealed.get(BOB, bytes("a")));
    assertThrows(
        StoreException.Corrupt.class,
        () -> sealed.scan(ALICE, bytes("a"), null, Order.ASCENDING, 2));
  }

  @Test
  void everyFlippedBitAndEveryCutIsFound() {
    byte[] row = row();
    for (int bit = 0; bit < row.length * 8; bit++) {
      byte[] flipped = row.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      raw.commit(new Batch().put(lease, bytes("a"), flipped));
      assertThrows(StoreException.class, () -> sealed.get(ALICE, bytes("a")), "bit " + bit);
    }
    for (int length = 0; length < row.length; length++) {
      raw.commit(new Batch().put(lease, bytes("a"), Arrays.copyOf(row, length)));
      assertThrows(
          StoreException.Corrupt.class, () -> sealed.get(ALICE, bytes("a")), "length " + length);
    }
  }

  @Test
  void rowsOfOlderKeysStayReadable() {
    Store rotated = new SealedStore(raw, new FixedKeyRing("k", 2), new Random(2));
    assertEquals(VALUE, text(rotated.get(ALICE, bytes("a"))));
    rotated.commit(new Batch().put(lease, bytes("b"), bytes("new")));
    assertEquals("new", text(rotated.get(ALICE, bytes("b"))));
    assertThrows(StoreException.Corrupt.class, () -> sealed.get(ALICE, bytes("b")));
  }

  @Test
  void wrongKeysShowAtTheStart() {
    var refused =
        assertThrows(
            StoreException.Corrupt.class,
            () -> new SealedStore(raw, new FixedKeyRing("other", 1), new Random(1)));
    assertEquals(
        "the keys are not those of this store: put the right key file in place",
        refused.getMessage());
  }

  @Test
  void aNewerRowFormatIsRefused() {
    byte[] row = row();
    row[0] = 2;
    raw.commit(new Batch().put(lease, bytes("a"), row));
    var refused = assertThrows(StoreException.Newer.class, () -> sealed.get(ALICE, bytes("a")));
    assertEquals(
        "a row of account/1 has format 2, this program knows 1: use the newer program",
        refused.getMessage());
  }

  @Test
  void sealingNeedsNoRoomOfTheCallers() {
    byte[] largest = new byte[Batch.VALUE_BYTES_MAX];
    Batch full = new Batch();
    for (String key : List.of("a", "b", "c")) {
      full.put(lease, bytes(key), largest);
    }
    int rest = (int) (Batch.BATCH_BYTES_MAX - full.bytes() - 1);
    sealed.commit(full.put(lease, bytes("d"), new byte[rest]));
    assertEquals(rest, text(sealed.get(ALICE, bytes("d"))).length());
  }
}

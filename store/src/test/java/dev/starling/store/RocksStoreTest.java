package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStoreTest implements RawStoreContract {
  /** Where tests keep the native library. */
  static final Path LIBRARIES = Path.of("target", "libraries");

  @TempDir Path folder;

  private RawStore store;

  @BeforeEach
  void open() {
    store = RocksStore.open(folder, LIBRARIES);
  }

  @Override
  public RawStore store() {
    return store;
  }

  @Test
  void rowsAndEpochsOutliveTheProcess() {
    Lease lease = store.acquire(ALICE);
    store.commit(new Batch().put(lease, bytes("a"), bytes("1")).put(lease, bytes("b"), bytes("2")));
    store.commit(new Batch().delete(lease, bytes("b")));
    store.close();
    open();
    assertEquals("a=1", text(store.scan(ALICE, bytes(""), null, Order.ASCENDING, 9)));
    store.commit(new Batch().put(lease, bytes("a"), bytes("3"))); // nobody has acquired since
    assertTrue(store.acquire(ALICE).epoch() > lease.epoch());
    store.close();
    open();
    Batch stale = new Batch().put(lease, bytes("a"), bytes("4"));
    assertThrows(StoreException.Fenced.class, () -> store.commit(stale));
    assertEquals("3", text(store.get(ALICE, bytes("a"))));
  }

  @Test
  void aFolderInUseIsRefused() {
    var refused =
        assertThrows(StoreException.Unavailable.class, () -> RocksStore.open(folder, LIBRARIES));
    assertEquals(
        "the data folder %s is in use by another starling process (pid %d): stop it, or use another folder"
            .formatted(folder, ProcessHandle.current().pid()),
        refused.getMessage());
    store.acquire(ALICE);
  }
}

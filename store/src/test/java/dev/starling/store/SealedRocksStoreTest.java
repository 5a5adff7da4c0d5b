package dev.starling.store;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SealedRocksStoreTest implements StoreContract {
  @TempDir Path folder;

  private Store store;

  @BeforeEach
  void open() {
    store = SealedStoreTest.seal(RocksStore.open(folder, RocksStoreTest.LIBRARIES));
  }

  @Override
  public Store store() {
    return store;
  }
}

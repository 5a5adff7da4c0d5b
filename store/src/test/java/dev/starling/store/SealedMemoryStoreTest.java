package dev.starling.store;

class SealedMemoryStoreTest implements StoreContract {
  private final Store store = SealedStoreTest.seal(new MemoryStore());

  @Override
  public Store store() {
    return store;
  }
}

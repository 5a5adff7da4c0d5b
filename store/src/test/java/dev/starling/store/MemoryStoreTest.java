package dev.starling.store;

class MemoryStoreTest implements StoreContract {
  private final Store store = new MemoryStore();

  @Override
  public Store store() {
    return store;
  }
}

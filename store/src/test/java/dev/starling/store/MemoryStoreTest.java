package dev.starling.store;

class MemoryStoreTest implements RawStoreContract {
  private final RawStore store = new MemoryStore();

  @Override
  public RawStore store() {
    return store;
  }
}

package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.KeyRing;
import dev.starling.store.Lease;
import dev.starling.store.Partition;
import dev.starling.store.Store;
import dev.starling.tl.TlObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows found by what must not be read off a disk: a number, a username, who tried a code. Their
 * keys are HMACs, spread over 64 partitions an index, so that no one owner is everybody's queue.
 */
final class Indexes {
  private final Store store;
  private final KeyRing ring;
  private final Map<Partition, Lease> leases = new ConcurrentHashMap<>();

  Indexes(Store store, KeyRing ring) {
    this.store = store;
    this.ring = ring;
  }

  /** A row of an index: where it lies and under what key. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Place(Partition partition, byte[] key) {}

  Place place(String index, byte[] value) {
    byte[] key = ring.index(index, value);
    return new Place(Partition.of(index, key[0] & 63), key);
  }

  Place place(String index, String value) {
    return place(index, value.getBytes(StandardCharsets.UTF_8));
  }

  <T extends TlObject> @Nullable T get(Class<T> type, Place place) {
    return Rows.decodeIfPresent(type, store.get(place.partition, place.key));
  }

  void put(Batch batch, Place place, TlObject row) {
    batch.put(lease(place.partition), place.key, Rows.encode(row));
  }

  void delete(Batch batch, Place place) {
    batch.delete(lease(place.partition), place.key);
  }

  Lease lease(Partition partition) {
    return leases.computeIfAbsent(partition, store::acquire);
  }
}

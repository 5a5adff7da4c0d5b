package dev.starling.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A store whose values are noise to whoever holds the disk but not the keys, and cannot be changed,
 * moved to another key or partition, or swapped there without being found. Keys of rows stay in the
 * clear, as they are ordered: those that are sensitive go through {@link KeyRing#index}. (An
 * attacker who can write the disk may still put back an earlier value of a row, or remove one.)
 *
 * <p>The package draws the sealed row. AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces,
 * which that standard allows 2^32 times under one key (8.3): so every partition has its own.
 */
public final class SealedStore implements Store {
  private static final byte FORMAT = 1;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /** What sealing adds to a value. */
  static final int OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

  /** Derived keys remembered, about 1 MB; deriving one anew takes a few microseconds. */
  private static final int KEYS_MAX = 4_096;

  /** Holds one row for each epoch, which only the right key opens; no one else uses this name. */
  private static final Partition SEAL = new Partition("seal");

  private final Store raw;
  private final KeyRing ring;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock(); // of the keys and of random
  private final Map<KeyName, SecretKey> keys =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<KeyName, SecretKey> eldest) {
          return size() > KEYS_MAX;
        }
      };

  private record KeyName(int epoch, Partition partition) {}

  /**
   * Seals what goes into {@code raw}, which it closes with itself.
   *
   * @param random for nonces: unpredictability is not needed, never repeating is
   * @throws StoreException.Corrupt if the ring's newest key is not the one that this store was
   *     sealed with
   */
  public SealedStore(Store raw, KeyRing ring, RandomGenerator random) {
    this.raw = raw;
    this.ring = ring;
    this.random = random;
    checkKey();
  }

  /** A wrong key must show at the start, not when somebody's row is read. */
  private void checkKey() {
    byte[] row = ByteBuffer.allocate(Integer.BYTES).putInt(ring.newestEpoch()).array();
    byte[] sealed = raw.get(SEAL, row);
    if (sealed == null) {
      commit(new Batch().put(raw.acquire(SEAL), row, new byte[0]));
      return;
    }
    try {
      unseal(cipher(), SEAL, row, sealed);
    } catch (StoreException.Corrupt e) {
      throw new StoreException.Corrupt(
          "the keys are not those of this store: put the right key file in place", e);
    }
  }

  @Override
  public Lease acquire(Partition partition) {
    return raw.acquire(partition);
  }

  @Override
  public byte @Nullable [] get(Partition partition, byte[] key) {
    byte[] sealed = raw.get(partition, key);
    return sealed == null ? null : unseal(cipher(), partition, key, sealed);
  }

  @Override
  public List<Row> scan(
      Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
    Cipher cipher = cipher();
    return raw.scan(partition, from, to, order, limit).stream()
        .map(row -> new Row(row.key(), unseal(cipher, partition, row.key(), row.value())))
        .toList();
  }

  @Override
  public void commit(Batch batch) {
    Batch sealed = new Batch(OVERHEAD_BYTES);
    Cipher cipher = cipher();
    ByteBuffer nonces = ByteBuffer.wrap(nonces(batch.writes().size()));
    for (Batch.Write write : batch.writes()) {
      switch (write) {
        case Batch.Write.Put(Lease lease, byte[] key, byte[] value) ->
            sealed.put(lease, key, seal(cipher, nonces, lease.partition(), key, value));
        case Batch.Write.Delete(Lease lease, byte[] key) -> sealed.delete(lease, key);
      }
    }
    raw.commit(sealed);
  }

  @Override
  public void close() {
    raw.close();
  }

  /** Drawn at once for all rows of a batch, as each draw costs as much as sealing a row. */
  private byte[] nonces(int rows) {
    byte[] nonces = new byte[rows * NONCE_BYTES];
    lock.lock();
    try {
      random.nextBytes(nonces);
    } finally {
      lock.unlock();
    }
    return nonces;
  }

  private byte[] seal(
      Cipher cipher, ByteBuffer nonces, Partition partition, byte[] key, byte[] value) {
    int epoch = ring.newestEpoch();
    byte[] nonce = new byte[NONCE_BYTES];
    nonces.get(nonce);
    ByteBuffer sealed = ByteBuffer.allocate(OVERHEAD_BYTES + value.length);
    sealed.put(FORMAT).putInt(epoch).put(nonce);
    try {
      init(cipher, Cipher.ENCRYPT_MODE, epoch, partition, key, sealed.array());
      cipher.doFinal(value, 0, value.length, sealed.array(), sealed.position());
      return sealed.array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  private byte[] unseal(Cipher cipher, Partition partition, byte[] key, byte[] sealed) {
    if (sealed.length < OVERHEAD_BYTES) {
      throw new StoreException.Corrupt(
          "a row of " + partition.name() + " is too short to be sealed: restore a backup");
    }
    if (sealed[0] != FORMAT) {
      throw new StoreException.Newer(
          "a row of %s has format %d, this program knows %d: use the newer program"
              .formatted(partition.name(), sealed[0], FORMAT));
    }
    int epoch = ByteBuffer.wrap(sealed).getInt(1);
    try {
      int header = HEADER_BYTES + NONCE_BYTES;
      init(cipher, Cipher.DECRYPT_MODE, epoch, partition, key, sealed);
      return cipher.doFinal(sealed, header, sealed.length - header);
    } catch (AEADBadTagException e) {
      throw new StoreException.Corrupt(
          "a row of " + partition.name() + " was changed or is out of its place: restore a backup",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** For all rows of a call: to look one up costs as much as to seal a row. */
  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Takes the nonce in {@code sealed}; header, partition and key are the associated data. */
  private void init(
      Cipher cipher, int mode, int epoch, Partition partition, byte[] key, byte[] sealed)
      throws GeneralSecurityException {
    cipher.init(
        mode,
        partitionKey(epoch, partition),
        new GCMParameterSpec(TAG_BYTES * Byte.SIZE, sealed, HEADER_BYTES, NONCE_BYTES));
    cipher.updateAAD(Arrays.copyOf(sealed, HEADER_BYTES));
    cipher.updateAAD(
        Keys.row(partition, key)); // the name's length leads, so no two places look the same
  }

  private SecretKey partitionKey(int epoch, Partition partition) {
    lock.lock();
    try {
      return keys.computeIfAbsent(
          new KeyName(epoch, partition), name -> ring.partitionKey(name.epoch, name.partition));
    } finally {
      lock.unlock();
    }
  }
}

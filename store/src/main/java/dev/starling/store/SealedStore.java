package dev.starling.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
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

  /**
   * Holds one row for each epoch (4 bytes), which only the right key opens, and how far a {@link
   * KeyRotation} is; no one else uses this name.
   */
  static final Partition SEAL = new Partition("seal");

  private final Store raw;
  private final KeyRing ring;
  private final RandomGenerator random;

  /**
   * Held for reading while rows are under way between seal and store, so that whoever holds it for
   * writing knows that none is: neither sealed and not yet committed, nor read and not yet opened.
   */
  private final StampedLock gate = new StampedLock();

  /**
   * To look one up among the JDK's providers costs as much as to seal a row; so does a key that is
   * not the one it had, so a call keeps its cipher from row to row.
   */
  private final Deque<Cipher> idle = new ConcurrentLinkedDeque<>();

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
   * @throws StoreException.Corrupt if the ring's keys are not those that this store was sealed with
   */
  public SealedStore(Store raw, KeyRing ring, RandomGenerator random) {
    this.raw = raw;
    this.ring = ring;
    this.random = random;
    checkKey();
  }

  /** A wrong key must show at the start, not when somebody's row is read. */
  private void checkKey() {
    try {
      for (Row row : raw.scan(SEAL, new byte[0], null, Order.ASCENDING, Store.SCAN_ROWS_MAX)) {
        unseal(SEAL, row.key(), row.value());
      }
    } catch (StoreException.Corrupt e) {
      throw new StoreException.Corrupt(
          "the keys are not those of this store: put the right key file in place", e);
    }
    if (raw.get(SEAL, epochKey(ring.newestEpoch())) == null) {
      putEpoch();
    }
  }

  /** Adds the row that tells the newest key from others. */
  private void putEpoch() {
    byte[] row = epochKey(ring.newestEpoch());
    byte[] value = seal(ByteBuffer.wrap(nonces(1)), SEAL, row, new byte[0]);
    raw.commit(new Batch(OVERHEAD_BYTES).put(raw.acquire(SEAL), row, value));
  }

  /** The key of an epoch's row in {@link #SEAL}. */
  static byte[] epochKey(int epoch) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(epoch).array();
  }

  /** Changes the ring while no row is under way. */
  void changeKeys(Runnable change) {
    long stamp = gate.writeLock();
    try {
      change.run();
      if (raw.get(SEAL, epochKey(ring.newestEpoch())) == null) {
        putEpoch();
      }
    } finally {
      gate.unlockWrite(stamp);
    }
  }

  /** The epoch of the key that sealed a row; 0 for what is no sealed row. */
  static int epoch(byte[] sealed) {
    return sealed.length < OVERHEAD_BYTES || sealed[0] != FORMAT
        ? 0
        : ByteBuffer.wrap(sealed).getInt(1);
  }

  /**
   * The same row under the newest key.
   *
   * @throws StoreException.Corrupt if it cannot be opened
   */
  byte[] sealAnew(Partition partition, Row row) {
    byte[] value = unseal(partition, row.key(), row.value());
    return seal(ByteBuffer.wrap(nonces(1)), partition, row.key(), value);
  }

  @Override
  public Lease acquire(Partition partition) {
    return raw.acquire(partition);
  }

  @Override
  public byte @Nullable [] get(Partition partition, byte[] key) {
    long stamp = gate.readLock();
    try {
      byte[] sealed = raw.get(partition, key);
      return sealed == null ? null : unseal(partition, key, sealed);
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public List<Row> scan(
      Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
    long stamp = gate.readLock();
    try {
      return raw.scan(partition, from, to, order, limit).stream()
          .map(row -> new Row(row.key(), unseal(partition, row.key(), row.value())))
          .toList();
    } finally {
      gate.unlockRead(stamp);
    }
  }

  @Override
  public void commit(Batch batch) {
    long stamp = gate.readLock();
    try {
      Batch sealed = new Batch(OVERHEAD_BYTES);
      ByteBuffer nonces = ByteBuffer.wrap(nonces(batch.writes().size()));
      for (Batch.Write write : batch.writes()) {
        switch (write) {
          case Batch.Write.Put(Lease lease, byte[] key, byte[] value) ->
              sealed.put(lease, key, seal(nonces, lease.partition(), key, value));
          case Batch.Write.Delete(Lease lease, byte[] key) -> sealed.delete(lease, key);
        }
      }
      raw.commit(sealed);
    } finally {
      gate.unlockRead(stamp);
    }
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

  private byte[] seal(ByteBuffer nonces, Partition partition, byte[] key, byte[] value) {
    int epoch = ring.newestEpoch();
    byte[] nonce = new byte[NONCE_BYTES];
    nonces.get(nonce);
    ByteBuffer sealed = ByteBuffer.allocate(OVERHEAD_BYTES + value.length);
    sealed.put(FORMAT).putInt(epoch).put(nonce);
    try {
      Cipher cipher = cipher();
      init(cipher, Cipher.ENCRYPT_MODE, epoch, partition, key, sealed.array());
      cipher.doFinal(value, 0, value.length, sealed.array(), sealed.position());
      idle.addFirst(cipher);
      return sealed.array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  private byte[] unseal(Partition partition, byte[] key, byte[] sealed) {
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
      Cipher cipher = cipher();
      init(cipher, Cipher.DECRYPT_MODE, epoch, partition, key, sealed);
      byte[] value = cipher.doFinal(sealed, header, sealed.length - header);
      idle.addFirst(cipher);
      return value;
    } catch (AEADBadTagException e) {
      throw new StoreException.Corrupt(
          "a row of " + partition.name() + " was changed or is out of its place: restore a backup",
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** One that failed in use is not given back. */
  private Cipher cipher() {
    Cipher kept = idle.pollFirst();
    try {
      return kept != null ? kept : Cipher.getInstance("AES/GCM/NoPadding");
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

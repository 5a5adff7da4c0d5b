package dev.starling.store;

import javax.crypto.SecretKey;

/**
 * The keys that rows are sealed with. Each epoch has a data key; new rows use the newest, older
 * epochs stay readable until every row of theirs has been written again.
 */
public interface KeyRing {
  /** The epoch of the key that new rows are sealed with, from 1. */
  int newestEpoch();

  /**
   * The AES-256 key of one partition in one epoch, derived so that the data key itself never leaves
   * the ring.
   *
   * @throws StoreException.Corrupt if the ring has no such epoch
   */
  SecretKey partitionKey(int epoch, Partition partition);

  /**
   * A stand-in for a sensitive index key (a phone number, a username), 32 bytes: HMAC-SHA256 under
   * a key that does not rotate, as an index must find what was written long ago. (Who has this key
   * and a disk can try numbers against the index; a name, a message, a contact stays noise.)
   *
   * @param purpose what the index is for; the same value under another purpose gives unrelated
   *     bytes
   */
  byte[] index(String purpose, byte[] value);
}

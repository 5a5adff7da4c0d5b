package dev.starling.store;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Keys from a seed, for tests; epochs up to the newest exist. */
record FixedKeyRing(String seed, int newestEpoch) implements KeyRing {
  @Override
  public SecretKey partitionKey(int epoch, Partition partition) {
    if (epoch < 1 || epoch > newestEpoch) {
      throw new StoreException.Corrupt("no key of epoch " + epoch);
    }
    return new SecretKeySpec(hash(seed + epoch + partition.name()), "AES");
  }

  @Override
  public byte[] index(String purpose, byte[] value) {
    return hash(seed + purpose + Text.text(value));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Text.bytes(text));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}

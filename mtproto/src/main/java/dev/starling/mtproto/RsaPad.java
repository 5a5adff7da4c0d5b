package dev.starling.mtproto;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.mt.AnyPQInnerData;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How p_q_inner_data is encrypted: RSA_PAD(data, key) of core.telegram.org/mtproto/auth_key, step
 * 4.1.
 *
 * <pre>
 * padded    = data | random, 192 bytes
 * with_hash = reverse(padded) | SHA256(temp_key | padded)
 * aes       = AES-256-IGE(with_hash, temp_key, iv = 0)
 * answer    = RSA((temp_key ^ SHA256(aes)) | aes),   again with another temp_key if it is not below the modulus
 * </pre>
 *
 * Before 2021 it was {@code RSA(SHA1(data) | data | random)}, of 255 bytes; many clients still do
 * so.
 */
final class RsaPad {
  private static final int DATA_BYTES_MAX = 144;
  private static final int PADDED_BYTES = 192;
  private static final int TEMP_KEY_BYTES = 32;
  private static final int AES_BYTES = PADDED_BYTES + 32;
  private static final int SHA1_BYTES = 20;

  /** Where the former form's data begin: behind a zero, as 255 bytes are below any modulus. */
  private static final int SHA1_DATA_OFFSET = 1 + SHA1_BYTES;

  private RsaPad() {}

  static byte[] encrypt(PublicKey key, byte[] data, RandomGenerator random) {
    if (data.length > DATA_BYTES_MAX) {
      throw new IllegalArgumentException(
          "RSA_PAD takes at most " + DATA_BYTES_MAX + " bytes, not " + data.length);
    }
    byte[] padded = new byte[PADDED_BYTES];
    random.nextBytes(padded);
    System.arraycopy(data, 0, padded, 0, data.length);
    byte[] tempKey = new byte[TEMP_KEY_BYTES];
    byte[] block;
    do {
      random.nextBytes(tempKey);
      byte[] aes = Bytes.concat(reverse(padded), Bytes.sha256(tempKey, padded));
      Ige.encrypt(tempKey, new byte[32], aes, 0);
      block = Bytes.concat(xor(tempKey, Bytes.sha256(aes)), aes);
    } while (new BigInteger(1, block).compareTo(key.n()) >= 0);
    return key.encrypt(block);
  }

  /** What either form has inside; null if a rule is broken, always by the same way. */
  static @Nullable AnyPQInnerData open(ServerKey key, byte[] encrypted) {
    // "Exactly 256 bytes, below the modulus": else one plain text would have several forms.
    if (encrypted.length != PublicKey.BYTES
        || new BigInteger(1, encrypted).compareTo(key.publicKey().n()) >= 0) {
      return null;
    }
    byte[] block = key.decrypt(encrypted);
    AnyPQInnerData padded = openPadded(block);
    AnyPQInnerData hashed = openHashed(block);
    return padded != null ? padded : hashed;
  }

  private static @Nullable AnyPQInnerData openPadded(byte[] block) {
    byte[] aes = Bytes.slice(block, TEMP_KEY_BYTES, block.length);
    byte[] tempKey = xor(Bytes.slice(block, 0, TEMP_KEY_BYTES), Bytes.sha256(aes));
    byte[] withHash = Ige.decrypt(tempKey, new byte[32], aes, 0, AES_BYTES);
    byte[] padded = reverse(Bytes.slice(withHash, 0, PADDED_BYTES));
    byte[] hash = Bytes.slice(withHash, PADDED_BYTES, AES_BYTES);
    return MessageDigest.isEqual(hash, Bytes.sha256(tempKey, padded)) ? read(padded, 0) : null;
  }

  /**
   * Of the former form only the hash is there to tell where the data end: they are written anew.
   */
  private static @Nullable AnyPQInnerData openHashed(byte[] block) {
    AnyPQInnerData inner = block[0] == 0 ? read(block, SHA1_DATA_OFFSET) : null;
    byte[] hash = Bytes.slice(block, 1, SHA1_DATA_OFFSET);
    return inner != null && MessageDigest.isEqual(hash, Bytes.sha1(Tl.encode(inner, Layer.NEWEST)))
        ? inner
        : null;
  }

  private static @Nullable AnyPQInnerData read(byte[] bytes, int offset) {
    return Tl.decode(bytes, offset, bytes.length - offset)
            instanceof Decoded.Value(AnyPQInnerData inner)
        ? inner
        : null;
  }

  private static byte[] reverse(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] xor = a.clone();
    for (int i = 0; i < xor.length; i++) {
      xor[i] ^= b[i];
    }
    return xor;
  }
}

package dev.starling.mtproto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An AES-256-CTR key stream that goes on from call to call.
 *
 * <p>It holds its {@link Cipher} while it is in use: building it anew for each chunk costs ten
 * times a small packet's encryption. At {@link #rest} it keeps key and position only, an eighth of
 * the memory.
 */
final class CtrStream {
  private static final int BLOCK = 16;
  private static final byte[] NOTHING = {};

  private final byte[] key32;
  private final byte[] iv16;
  private long position;
  private @Nullable Cipher cipher;

  CtrStream(byte[] key32, byte[] iv16) {
    this.key32 = key32;
    this.iv16 = iv16;
  }

  /**
   * The bytes under the next piece of the key stream, in an array of their own: in place it runs
   * half as fast.
   */
  byte[] apply(byte[] in, int offset, int length) {
    Cipher open = cipher;
    if (open == null) {
      open = cipher = atPosition();
    }
    position += length;
    byte[] out = open.update(in, offset, length);
    return out == null ? NOTHING : out; // null is its word for none
  }

  /**
   * The same into an array of the caller's, which must not be the one read from.
   *
   * @return {@code length}
   */
  int apply(byte[] in, int offset, int length, byte[] out, int to) {
    Cipher open = cipher;
    if (open == null) {
      open = cipher = atPosition();
    }
    position += length;
    try {
      return open.update(in, offset, length, out, to);
    } catch (ShortBufferException e) {
      throw new IllegalArgumentException("the output has less room than the input", e);
    }
  }

  /** Lets the cipher go until the next byte. */
  void rest() {
    cipher = null;
  }

  private Cipher atPosition() {
    try {
      Cipher fresh = Cipher.getInstance("AES/CTR/NoPadding");
      fresh.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key32, "AES"),
          new IvParameterSpec(counter(iv16, position / BLOCK)));
      fresh.update(new byte[(int) (position % BLOCK)]);
      return fresh;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-CTR", e);
    }
  }

  /** The counter block {@code blocks} after the first, a big-endian number. */
  static byte[] counter(byte[] iv16, long blocks) {
    byte[] counter = iv16.clone();
    long carry = blocks;
    for (int i = BLOCK - 1; i >= 0 && carry != 0; i--) {
      carry += counter[i] & 0xff;
      counter[i] = (byte) carry;
      carry >>>= 8;
    }
    return counter;
  }
}

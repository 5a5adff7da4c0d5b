package dev.starling.mtproto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in infinite garble extension mode, which the JDK does not have.
 *
 * <pre>c[i] = E(m[i] ^ c[i-1]) ^ m[i-1],   c[0] = iv[0..16],   m[0] = iv[16..32]</pre>
 *
 * With d[i] = c[i] ^ m[i-1] this reads d[i] = E(m[i] ^ m[i-2] ^ d[i-1]): CBC over m[i] ^ m[i-2],
 * which the JDK has in hardware. Decryption has the same shape with D in E's place, so no CBC fits
 * and it goes block by block.
 */
final class Ige {
  private static final int BLOCK = 16;
  private static final int WORD = Long.BYTES;

  private static final Pool<Cipher> CBC = new Pool<>(() -> cipher("AES/CBC/NoPadding"));
  private static final Pool<Cipher> ECB = new Pool<>(() -> cipher("AES/ECB/NoPadding"));

  private Ige() {}

  private static Cipher cipher(String transformation) {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + transformation, e);
    }
  }

  /** Encrypts {@code data}, whole blocks, in place from {@code offset} to its end. */
  static void encrypt(byte[] key32, byte[] iv32, byte[] data, int offset) {
    int length = wholeBlocks(data, offset);
    byte[] mixed = Bytes.slice(data, offset, data.length);
    for (int i = BLOCK; i < length; i += WORD) {
      long before =
          i < 2 * BLOCK ? Bytes.longAt(iv32, i) : Bytes.longAt(data, offset + i - 2 * BLOCK);
      Bytes.putLong(mixed, i, Bytes.longAt(mixed, i) ^ before);
    }
    byte[] chained = new byte[length];
    try {
      Cipher cbc = CBC.take();
      cbc.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key32, "AES"),
          new IvParameterSpec(iv32, 0, BLOCK));
      cbc.doFinal(mixed, 0, length, chained, 0);
      CBC.give(cbc);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-CBC", e);
    }
    // From the end, so that the plain text before each word is still there.
    for (int i = length - WORD; i >= 0; i -= WORD) {
      long before =
          i < BLOCK ? Bytes.longAt(iv32, BLOCK + i) : Bytes.longAt(data, offset + i - BLOCK);
      Bytes.putLong(data, offset + i, Bytes.longAt(chained, i) ^ before);
    }
  }

  /** The plain text of the {@code length} bytes, whole blocks, at {@code offset}. */
  static byte[] decrypt(byte[] key32, byte[] iv32, byte[] data, int offset, int length) {
    byte[] plain = new byte[length];
    byte[] block = new byte[BLOCK];
    long c0 = Bytes.longAt(iv32, 0);
    long c1 = Bytes.longAt(iv32, WORD);
    long m0 = Bytes.longAt(iv32, BLOCK);
    long m1 = Bytes.longAt(iv32, BLOCK + WORD);
    try {
      Cipher ecb = ECB.take();
      ecb.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key32, "AES"));
      for (int at = 0; at < length; at += BLOCK) {
        long next0 = Bytes.longAt(data, offset + at);
        long next1 = Bytes.longAt(data, offset + at + WORD);
        Bytes.putLong(block, 0, next0 ^ m0);
        Bytes.putLong(block, WORD, next1 ^ m1);
        ecb.update(block, 0, BLOCK, plain, at);
        m0 = Bytes.longAt(plain, at) ^ c0;
        m1 = Bytes.longAt(plain, at + WORD) ^ c1;
        Bytes.putLong(plain, at, m0);
        Bytes.putLong(plain, at + WORD, m1);
        c0 = next0;
        c1 = next1;
      }
      ECB.give(ecb);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-ECB", e);
    }
    return plain;
  }

  private static int wholeBlocks(byte[] data, int offset) {
    int length = data.length - offset;
    if (length % BLOCK != 0) {
      throw new IllegalArgumentException("IGE takes whole blocks, not " + length + " bytes");
    }
    return length;
  }
}

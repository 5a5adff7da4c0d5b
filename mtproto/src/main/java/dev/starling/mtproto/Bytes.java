package dev.starling.mtproto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Little-endian words, slices and digests of byte arrays. */
final class Bytes {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final Pool<MessageDigest> SHA_256 = new Pool<>(() -> digest("SHA-256"));

  private Bytes() {}

  static int intAt(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }

  static long longAt(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static void putInt(byte[] bytes, int offset, int value) {
    INT.set(bytes, offset, value);
  }

  static void putLong(byte[] bytes, int offset, long value) {
    LONG.set(bytes, offset, value);
  }

  /** Bytes {@code [from, to)}. */
  static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] whole = new byte[length];
    int offset = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, offset, part.length);
      offset += part.length;
    }
    return whole;
  }

  static byte[] sha1(byte[]... parts) {
    return digest("SHA-1", parts);
  }

  static byte[] sha256(byte[]... parts) {
    MessageDigest sha256 = SHA_256.take();
    for (byte[] part : parts) {
      sha256.update(part);
    }
    return give(sha256);
  }

  /** SHA-256 of bytes {@code [from, to)} of {@code first} and all of {@code second}. */
  static byte[] sha256(byte[] first, int from, int to, byte[] second) {
    MessageDigest sha256 = SHA_256.take();
    sha256.update(first, from, to - from);
    sha256.update(second);
    return give(sha256);
  }

  private static byte[] give(MessageDigest sha256) {
    byte[] hash = sha256.digest(); // and it is as new
    SHA_256.give(sha256);
    return hash;
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    MessageDigest digest = digest(algorithm);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }
}

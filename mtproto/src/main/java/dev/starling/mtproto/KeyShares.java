package dev.starling.mtproto;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/**
 * Key shares to look at: as random as real ones, with no private key behind them, at a fraction of
 * their cost. Nobody agrees on a key by them; under the disguise the stream has keys of its own.
 */
final class KeyShares {
  static final int X25519 = 0x001d;
  static final int X25519_MLKEM768 = 0x11ec;

  /** RFC 7748: y^2 = x^3 + 486662 x^2 + x modulo 2^255 - 19. */
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  private static final BigInteger A = BigInteger.valueOf(486_662);
  private static final BigInteger HALF = P.subtract(BigInteger.ONE).shiftRight(1);
  private static final int BYTES = 32;

  private static final int KYBER_Q = 3329;
  private static final int KYBER_COEFFICIENTS = 256;
  private static final int KYBER_VECTOR = 3;

  private KeyShares() {}

  /** Whether we can make shares of this group. */
  static boolean isKnown(int group) {
    return group == X25519 || group == X25519_MLKEM768;
  }

  /** The share of {@code group} that a server answers, with the lengths of the real one. */
  static byte[] ofServer(int group, RandomGenerator random) {
    return group == X25519_MLKEM768
        ? Bytes.concat(mlKemCiphertext(random), x25519(random))
        : x25519(random);
  }

  /**
   * A public key of X25519. Those are eight times some point of the curve, so a random x will not
   * do: half of them lie on the twist, and one can tell.
   */
  static byte[] x25519(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    BigInteger x;
    do {
      random.nextBytes(bytes);
      x = new BigInteger(1, bytes).clearBit(255).mod(P);
    } while (!isOnCurve(x));
    return littleEndian(timesEight(x));
  }

  private static boolean isOnCurve(BigInteger x) {
    BigInteger square = x.multiply(x.multiply(x.add(A)).add(BigInteger.ONE)).mod(P);
    return square.signum() != 0 && square.modPow(HALF, P).equals(BigInteger.ONE);
  }

  /** Doubled thrice by x alone, as a fraction, so that one division will do. */
  private static BigInteger timesEight(BigInteger affine) {
    BigInteger x = affine;
    BigInteger z = BigInteger.ONE;
    for (int i = 0; i < 3; i++) {
      // "x2 = (x^2 - z^2)^2, z2 = 4 x z (x^2 + A x z + z^2)"
      BigInteger xx = x.multiply(x);
      BigInteger zz = z.multiply(z);
      BigInteger xz = x.multiply(z);
      x = xx.subtract(zz).pow(2).mod(P);
      z = xz.shiftLeft(2).multiply(xx.add(A.multiply(xz)).add(zz)).mod(P);
    }
    return x.multiply(z.modInverse(P)).mod(P);
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] big = number.toByteArray();
    byte[] little = new byte[BYTES];
    for (int i = 0; i < Math.min(big.length, BYTES); i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  /**
   * A ciphertext of ML-KEM-768 (FIPS 203): coefficients that look uniform modulo q, compressed to
   * 10 bits and to 4. Plain random bits would be too even: q is no power of two.
   */
  static byte[] mlKemCiphertext(RandomGenerator random) {
    Bits bits = new Bits(KYBER_COEFFICIENTS * (10 * KYBER_VECTOR + 4) / 8);
    for (int i = 0; i < KYBER_VECTOR * KYBER_COEFFICIENTS; i++) {
      bits.add(compressed(random.nextInt(KYBER_Q), 10), 10);
    }
    for (int i = 0; i < KYBER_COEFFICIENTS; i++) {
      bits.add(compressed(random.nextInt(KYBER_Q), 4), 4);
    }
    return bits.bytes;
  }

  /** "Compress_d(x) = round(2^d / q * x) mod 2^d." */
  private static int compressed(int x, int d) {
    return (((x << d) + KYBER_Q / 2) / KYBER_Q) & ((1 << d) - 1);
  }

  /** An encapsulation key of ML-KEM-768: uniform coefficients in 12 bits, and a seed. */
  static byte[] mlKemKey(RandomGenerator random) {
    Bits bits = new Bits(KYBER_VECTOR * KYBER_COEFFICIENTS * 12 / 8);
    for (int i = 0; i < KYBER_VECTOR * KYBER_COEFFICIENTS; i++) {
      bits.add(random.nextInt(KYBER_Q), 12);
    }
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return Bytes.concat(bits.bytes, seed);
  }

  /** "Bits are packed little-endian." */
  private static final class Bits {
    private final byte[] bytes;
    private int position;

    Bits(int bytes) {
      this.bytes = new byte[bytes];
    }

    void add(int value, int count) {
      for (int i = 0; i < count; i++, position++) {
        bytes[position / 8] |= (byte) (((value >> i) & 1) << position % 8);
      }
    }
  }
}

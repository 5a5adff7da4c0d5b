package dev.starling.mtproto;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/**
 * The Diffie-Hellman group of the handshake (core.telegram.org/mtproto/auth_key,
 * security_guidelines).
 */
public final class Dh {
  static final int BITS = 2048;

  /** Generates the subgroup of prime order (p - 1) / 2. */
  public static final int G = 3;

  /** The safe prime that clients know; any other makes them run slow tests. */
  public static final BigInteger PRIME =
      new BigInteger(
          "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F"
              + "48198A0AA7C14058229493D22530F4DBFA336F6E0AC925139543AED44CCE7C37"
              + "20FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"
              + "2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4"
              + "A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754"
              + "FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"
              + "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F"
              + "0D8115F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B",
          16);

  /** In a safe-prime group the best attack on 512 bits costs more than one on the prime itself. */
  private static final int EXPONENT_BITS = 512;

  private static final BigInteger RANGE = BigInteger.TWO.pow(BITS - 64);

  /** The JDK adds a Lucas test to its Miller-Rabin rounds: no composite is known to pass both. */
  private static final int CERTAINTY = 64;

  private Dh() {}

  /** Made by who first needs it: a client hardly does. */
  private static final class PowersOfG {
    static final FixedBase BASE = new FixedBase(BigInteger.valueOf(G), PRIME, EXPONENT_BITS);
  }

  /** {@code g^exponent mod dh_prime}, of a {@link #freshExponent}. */
  static BigInteger powerOfG(BigInteger exponent) {
    return PowersOfG.BASE.power(exponent);
  }

  static BigInteger freshExponent(RandomGenerator random) {
    byte[] bytes = new byte[EXPONENT_BITS / 8];
    random.nextBytes(bytes);
    bytes[0] |= (byte) 0x80; // never a short one
    return new BigInteger(1, bytes);
  }

  /** "2^{2048-64} <= g_a, g_b <= dh_prime - 2^{2048-64}": no small subgroup, no tiny number. */
  static boolean isInRange(BigInteger element, BigInteger prime) {
    return element.compareTo(RANGE) >= 0 && element.compareTo(prime.subtract(RANGE)) <= 0;
  }

  /**
   * "The client is expected to check whether p = dh_prime is a safe 2048-bit prime, and that g
   * generates a cyclic subgroup of prime order (p - 1) / 2, i.e. is a quadratic residue mod p."
   */
  static boolean isGood(BigInteger prime, int g) {
    return generates(prime, g) && (prime.equals(PRIME) || isSafePrime(prime));
  }

  static boolean isSafePrime(BigInteger number) {
    return number.bitLength() == BITS
        && number.isProbablePrime(CERTAINTY)
        && number.shiftRight(1).isProbablePrime(CERTAINTY);
  }

  private static boolean generates(BigInteger prime, int g) {
    return switch (g) {
      case 2 -> remainder(prime, 8) == 7;
      case 3 -> remainder(prime, 3) == 2;
      case 4 -> true;
      case 5 -> remainder(prime, 5) == 1 || remainder(prime, 5) == 4;
      case 6 -> remainder(prime, 24) == 19 || remainder(prime, 24) == 23;
      case 7 -> remainder(prime, 7) == 3 || remainder(prime, 7) == 5 || remainder(prime, 7) == 6;
      default -> false;
    };
  }

  private static int remainder(BigInteger number, int divisor) {
    return number.mod(BigInteger.valueOf(divisor)).intValue();
  }

  /**
   * A number below 2^2048 as 256 bytes, big-endian, leading zeros kept: an auth key may begin with
   * some.
   */
  static byte[] fixed(BigInteger number) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[BITS / 8];
    int count = Math.min(signed.length, bytes.length);
    System.arraycopy(signed, signed.length - count, bytes, bytes.length - count, count);
    return bytes;
  }
}

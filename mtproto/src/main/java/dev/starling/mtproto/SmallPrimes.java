package dev.starling.mtproto;

import java.util.random.RandomGenerator;

/**
 * Random primes of 31 bits, for the pq of a handshake: a few microseconds each, as anybody may ask
 * for one.
 */
final class SmallPrimes {
  private static final int TOP = 1 << 30;

  /** Their product, so that one remainder tells nine composites in ten. */
  private static final int SMALL = 3 * 5 * 7 * 11 * 13 * 17 * 19;

  /** "If n < 3,215,031,751, it is enough to test a = 2, 3, 5 and 7" (Miller and Rabin's test). */
  private static final int[] WITNESSES = {2, 3, 5, 7};

  private SmallPrimes() {}

  static long draw(RandomGenerator random) {
    long candidate;
    do {
      candidate = (random.nextInt() & (TOP - 1)) | TOP | 1;
    } while (!isPrime(candidate));
    return candidate;
  }

  /** Of an odd number of 31 bits. */
  static boolean isPrime(long number) {
    if (gcd(SMALL, number % SMALL) != 1) {
      return false;
    }
    for (int witness : WITNESSES) {
      if (!passes(number, witness)) {
        return false;
      }
    }
    return true;
  }

  private static boolean passes(long number, int witness) {
    int twos = Long.numberOfTrailingZeros(number - 1);
    long power = power(witness, (number - 1) >> twos, number);
    if (power == 1) {
      return true;
    }
    for (int i = 0; i < twos; i++) {
      if (power == number - 1) {
        return true;
      }
      power = power * power % number;
    }
    return false;
  }

  private static long power(long base, long exponent, long modulus) {
    long power = 1;
    for (long square = base; exponent > 0; exponent >>= 1, square = square * square % modulus) {
      if ((exponent & 1) == 1) {
        power = power * square % modulus;
      }
    }
    return power;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}

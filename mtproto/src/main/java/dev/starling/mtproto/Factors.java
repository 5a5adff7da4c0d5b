package dev.starling.mtproto;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The two primes of the server's pq, a small proof of work: Pollard's rho on 63-bit numbers. It
 * walks x -> x*x/2^64 + c, so that a step is one of Montgomery's products, and takes a gcd only now
 * and then.
 *
 * @param p the smaller
 */
record Factors(long p, long q) {
  private static final int STEPS_A_GCD = 64;

  /**
   * A factor of 31 bits takes about 2^16 steps; far more means that the number is not of the kind.
   */
  private static final int STEPS_MAX = 1 << 20;

  private static final int WALKS_MAX = 8;

  /** Null if {@code pq} is no product of two distinct odd primes, or does not yield. */
  static @Nullable Factors of(long pq) {
    if (pq <= 0 || pq % 2 == 0 || isPrime(pq)) {
      return null;
    }
    for (int c = 1; c <= WALKS_MAX; c++) {
      long divisor = new Walk(pq, c).divisor();
      if (divisor > 1 && divisor < pq) {
        Factors factors =
            new Factors(Math.min(divisor, pq / divisor), Math.max(divisor, pq / divisor));
        return factors.p != factors.q && isPrime(factors.p) && isPrime(factors.q) ? factors : null;
      }
    }
    return null;
  }

  private static boolean isPrime(long number) {
    return BigInteger.valueOf(number).isProbablePrime(32);
  }

  private static final class Walk {
    private final long n;
    private final long c;
    private final long inverse;

    Walk(long n, long c) {
      this.n = n;
      this.c = c;
      long x = n; // right in 3 bits, as n*n = 1 mod 8; each step of Newton's doubles them
      for (int i = 0; i < 5; i++) {
        x *= 2 - n * x;
      }
      this.inverse = x;
    }

    /** A divisor of n, perhaps a trivial one. */
    long divisor() {
      long slow = 2 % n;
      long fast = slow;
      for (int steps = 0; steps < STEPS_MAX; steps += STEPS_A_GCD) {
        long product = 1;
        for (int i = 0; i < STEPS_A_GCD; i++) {
          slow = next(slow);
          fast = next(next(fast));
          product = multiply(product, Math.abs(slow - fast));
        }
        long divisor = gcd(product, n);
        if (divisor > 1) {
          return divisor;
        }
      }
      return 1;
    }

    private long next(long x) {
      long sum = multiply(x, x) - n + c;
      return sum < 0 ? sum + n : sum;
    }

    /** a * b / 2^64 mod n. */
    private long multiply(long a, long b) {
      long m = a * b * inverse;
      long difference = Math.multiplyHigh(a, b) - Math.unsignedMultiplyHigh(m, n);
      return difference < 0 ? difference + n : difference;
    }

    private static long gcd(long a, long b) {
      return b == 0 ? a : gcd(b, a % b);
    }
  }
}

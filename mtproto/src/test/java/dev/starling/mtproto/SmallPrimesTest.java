package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SmallPrimesTest {
  @Test
  void drawsPrimesOf31Bits() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      long prime = SmallPrimes.draw(random);
      assertEquals(1, prime >> 30);
      assertTrue(BigInteger.valueOf(prime).isProbablePrime(64));
    }
  }

  @Test
  void tellsPrimesFromComposites() {
    for (long number = (1L << 31) - 1; number > (1L << 31) - 20_000; number -= 2) {
      assertEquals(BigInteger.valueOf(number).isProbablePrime(64), SmallPrimes.isPrime(number));
    }
  }
}

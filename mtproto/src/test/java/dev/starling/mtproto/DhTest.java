package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DhTest {
  private static final BigInteger TWO_1984 = BigInteger.TWO.pow(1984);

  @Test
  @DisplayName("14. dh_prime is a safe prime of 2048 bits")
  void theKnownPrimeIsASafePrimeOf2048Bits() {
    assertTrue(Dh.isSafePrime(Dh.PRIME));
  }

  @Test
  void gGeneratesTheSubgroupOfPrimeOrder() {
    BigInteger order = Dh.PRIME.shiftRight(1);
    assertEquals(BigInteger.ONE, BigInteger.valueOf(Dh.G).modPow(order, Dh.PRIME));
  }

  @Test
  void otherNumbersAreNoSafePrimes() {
    assertFalse(Dh.isSafePrime(Dh.PRIME.add(BigInteger.TWO)));
    assertFalse(Dh.isSafePrime(Dh.PRIME.shiftRight(1)));
    assertFalse(Dh.isSafePrime(BigInteger.valueOf(23)));
    // The largest prime of 2048 bits, but (p - 1) / 2 is none.
    assertFalse(Dh.isSafePrime(BigInteger.TWO.pow(2048).subtract(BigInteger.valueOf(1557))));
  }

  @Test
  void anotherSafePrimeIsGood() {
    assertTrue(Dh.isGood(BigInteger.TWO.pow(2048).subtract(BigInteger.valueOf(1942289)), 2));
  }

  /** The known prime's remainders: 3 by 8, 2 by 3, 3 by 5, 11 by 24, 6 by 7. */
  @ParameterizedTest
  @CsvSource({
    "1, false",
    "2, false",
    "3, true",
    "4, true",
    "5, false",
    "6, false",
    "7, true",
    "8, false",
    "-3, false"
  })
  void gMustBeAQuadraticResidue(int g, boolean good) {
    assertEquals(good, Dh.isGood(Dh.PRIME, g));
  }

  @Test
  @DisplayName("14. 2^1984 <= g_b <= p - 2^1984")
  void publicValuesKeepAwayFromBothEnds() {
    BigInteger top = Dh.PRIME.subtract(TWO_1984);
    assertTrue(Dh.isInRange(TWO_1984, Dh.PRIME));
    assertTrue(Dh.isInRange(top, Dh.PRIME));
    assertFalse(Dh.isInRange(TWO_1984.subtract(BigInteger.ONE), Dh.PRIME));
    assertFalse(Dh.isInRange(top.add(BigInteger.ONE), Dh.PRIME));
    assertFalse(Dh.isInRange(BigInteger.ONE, Dh.PRIME));
    assertFalse(Dh.isInRange(Dh.PRIME.subtract(BigInteger.ONE), Dh.PRIME));
  }

  @Test
  @DisplayName("14. a fresh exponent of 512 bits in each attempt")
  void exponentsAreFreshAndOf512Bits() {
    Random random = new Random(1);
    BigInteger one = Dh.freshExponent(random);
    assertEquals(512, one.bitLength());
    assertNotEquals(one, Dh.freshExponent(random));
  }

  @Test
  void aNumberWithLeadingZerosKeepsThem() {
    byte[] expected = new byte[256];
    expected[255] = 5;
    assertArrayEquals(expected, Dh.fixed(BigInteger.valueOf(5)));
    assertEquals((byte) 0xc7, Dh.fixed(Dh.PRIME)[0]);
  }
}

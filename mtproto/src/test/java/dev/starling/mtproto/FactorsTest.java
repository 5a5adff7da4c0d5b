package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactorsTest {

  /** core.telegram.org/mtproto/samples-auth_key. */
  @Test
  void factorsTheSampleOfTheSpecification() {
    assertEquals(new Factors(0x494C553BL, 0x53911073L), Factors.of(0x17ED48941A08F981L));
  }

  @Property(tries = 50)
  void factorsWhatAServerIssues(@ForAll long seed) {
    Random random = new Random(seed);
    long p = BigInteger.probablePrime(31, random).longValue();
    long q = BigInteger.probablePrime(31, random).longValue();
    assertEquals(p == q ? null : new Factors(Math.min(p, q), Math.max(p, q)), Factors.of(p * q));
  }

  @Test
  void factorsUnevenProducts() {
    assertEquals(new Factors(3, 2147483647), Factors.of(3L * 2147483647));
    assertEquals(new Factors(2147483629L, 4294967291L), Factors.of(2147483629L * 4294967291L));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        -15,
        1,
        2,
        6,
        2147483647,
        105,
        25,
        2147483647L * 2147483647L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void refusesWhatIsNoProductOfTwoDistinctOddPrimes(long pq) {
    assertNull(Factors.of(pq));
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedBaseTest {
  private final Random random = new Random(11);

  @Test
  void powersAreThoseOfModPow() {
    BigInteger g = BigInteger.valueOf(Dh.G);
    FixedBase base = new FixedBase(g, Dh.PRIME, 512);
    for (int i = 0; i < 50; i++) {
      BigInteger exponent = new BigInteger(i == 0 ? 0 : 1 + random.nextInt(512), random);
      assertEquals(g.modPow(exponent, Dh.PRIME), base.power(exponent));
    }
    BigInteger most = BigInteger.TWO.pow(512).subtract(BigInteger.ONE);
    assertEquals(g.modPow(most, Dh.PRIME), base.power(most));
  }

  @Test
  void anyModulusWillDo() {
    for (int i = 0; i < 50; i++) {
      BigInteger modulus = new BigInteger(64 + random.nextInt(200), random).setBit(63);
      BigInteger number = new BigInteger(modulus.bitLength() + 8, random).mod(modulus);
      BigInteger exponent = new BigInteger(60, random);
      assertEquals(
          number.modPow(exponent, modulus), new FixedBase(number, modulus, 60).power(exponent));
    }
  }

  @Test
  void aLongerExponentIsADefectOfTheCaller() {
    FixedBase base = new FixedBase(BigInteger.TWO, Dh.PRIME, 14);
    assertThrows(IllegalArgumentException.class, () -> base.power(BigInteger.ONE.shiftLeft(14)));
    assertThrows(IllegalArgumentException.class, () -> base.power(BigInteger.valueOf(-1)));
  }
}

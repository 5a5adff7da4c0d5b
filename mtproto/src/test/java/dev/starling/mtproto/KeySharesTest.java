package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;

class KeySharesTest {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  private final Random random = new Random(1);

  /** A real server agrees on a key by each, and none is on the twist or comes again. */
  @Test
  void sharesLookLikePublicKeys() throws Exception {
    var pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    Set<BigInteger> seen = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      byte[] share = KeyShares.x25519(random);
      assertEquals(32, share.length);
      BigInteger x = number(share);
      assertTrue(x.compareTo(P) < 0 && seen.add(x));
      BigInteger square =
          x.pow(3).add(BigInteger.valueOf(486_662).multiply(x.pow(2))).add(x).mod(P);
      BigInteger half = P.subtract(BigInteger.ONE).shiftRight(1);
      assertEquals(BigInteger.ONE, square.modPow(half, P));
      KeyAgreement agreement = KeyAgreement.getInstance("X25519");
      agreement.init(pair.getPrivate());
      agreement.doPhase(
          KeyFactory.getInstance("X25519")
              .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, x)),
          true);
      assertEquals(32, agreement.generateSecret().length);
    }
  }

  @Test
  void postQuantumSharesHaveTheirLengths() {
    assertEquals(1088, KeyShares.mlKemCiphertext(random).length);
    assertEquals(1184, KeyShares.mlKemKey(random).length);
    assertEquals(1120, KeyShares.ofServer(KeyShares.X25519_MLKEM768, random).length);
    assertEquals(32, KeyShares.ofServer(KeyShares.X25519, random).length);
  }

  private static BigInteger number(byte[] little) {
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[big.length - 1 - i];
    }
    return new BigInteger(1, big);
  }
}

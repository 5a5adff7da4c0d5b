package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerKeyTest {
  static final ServerKey SAMPLE = ServerKey.generate(new Random(1));

  @Test
  void isReadAsItWasWritten() {
    ServerKey read = ServerKey.fromPem(SAMPLE.toPem());
    assertEquals(SAMPLE.publicKey(), read.publicKey());
    byte[] block = new byte[256];
    block[255] = 42;
    assertArrayEquals(block, read.decrypt(SAMPLE.publicKey().encrypt(block)));
  }

  @Test
  void isOf2048BitsWithTheExponentThatClientsExpect() {
    assertEquals(2048, SAMPLE.publicKey().n().bitLength());
    assertEquals(425, SAMPLE.publicPem().length());
    assertEquals(SAMPLE.publicKey(), PublicKey.fromPem(SAMPLE.publicPem()));
    assertEquals(SAMPLE.publicKey().fingerprint(), SAMPLE.fingerprint());
  }

  @Test
  void comesFromTheGivenRandomness() {
    assertEquals(SAMPLE.publicKey(), ServerKey.generate(new Random(1)).publicKey());
  }

  @Test
  void hasAFingerprintWithoutLeadingZeros() {
    ServerKey key =
        ServerKey.generate(new Random(14)); // whose first key has the fingerprint 0cbf...
    assertEquals(16, Long.toHexString(key.fingerprint()).length());
  }

  @Test
  void refusesOtherTexts() {
    assertThrows(IllegalArgumentException.class, () -> ServerKey.fromPem(SAMPLE.publicPem()));
    String cut = SAMPLE.toPem().replaceFirst("\n[^\n]+\n", "\n");
    assertThrows(IllegalArgumentException.class, () -> ServerKey.fromPem(cut));
  }

  @Test
  void oneFlippedBitIsFoundOrHarmless() {
    Random random = new Random(5);
    byte[] pem = SAMPLE.toPem().getBytes(StandardCharsets.ISO_8859_1);
    byte[] block = new byte[256];
    block[255] = 42;
    byte[] encrypted = SAMPLE.publicKey().encrypt(block);
    int found = 0;
    for (int i = 0; i < 500; i++) {
      byte[] flipped = pem.clone();
      int bit = random.nextInt(8 * pem.length);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        ServerKey read = ServerKey.fromPem(new String(flipped, StandardCharsets.ISO_8859_1));
        assertArrayEquals(block, read.decrypt(encrypted), "bit " + bit);
        assertEquals(SAMPLE.publicKey(), read.publicKey());
      } catch (IllegalArgumentException _) {
        found++;
      }
    }
    assertTrue(found > 400);
  }

  @Test
  void isNotShown() {
    assertEquals("ServerKey[hidden]", SAMPLE.toString());
  }
}

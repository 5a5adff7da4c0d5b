package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.tl.mt.AnyPQInnerData;
import dev.starling.tl.mt.PQInnerDataDc;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RsaPadTest {
  private static final ServerKey KEY = ServerKeyTest.SAMPLE;
  private static final PQInnerDataDc DATA =
      new PQInnerDataDc(
          new byte[8], new byte[4], new byte[4], new byte[16], new byte[16], new byte[32], 2);
  private static final BigInteger N = KEY.publicKey().n();

  /** Data 1..96, random bytes counting from 0, under Telegram's key, by another implementation. */
  @Test
  void encryptsAKnownAnswer() {
    byte[] data = new byte[96];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i + 1);
    }
    byte[] encrypted =
        RsaPad.encrypt(PublicKey.fromPem(PublicKeyTest.TELEGRAM), data, new Counter());
    assertEquals(
        "8600be0e93407189004293c8d0f0250c7afd9316528fcabdc1acc4a7bbc9de80",
        HexFormat.of().formatHex(Bytes.sha256(encrypted)));
  }

  @Test
  void opensWhatItEncrypts() {
    for (int seed = 0; seed < 30; seed++) {
      AnyPQInnerData opened = RsaPad.open(KEY, encrypted(seed));
      assertNotNull(opened);
      assertArrayEquals(Handshakes.encode(DATA), Handshakes.encode(opened));
    }
  }

  private static byte[] encrypted(int seed) {
    return RsaPad.encrypt(KEY.publicKey(), Handshakes.encode(DATA), new Random(seed));
  }

  @Test
  void takesAtMost144Bytes() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RsaPad.encrypt(KEY.publicKey(), new byte[145], new Random(1)));
  }

  @Test
  @DisplayName("13. RSA_PAD: exactly 256 bytes")
  void itsLengthIsExactly256Bytes() {
    byte[] encrypted = encrypted(1);
    assertNull(RsaPad.open(KEY, Bytes.slice(encrypted, 0, 255)));
    assertNull(RsaPad.open(KEY, Bytes.concat(encrypted, new byte[1])));
    assertNull(RsaPad.open(KEY, Bytes.concat(new byte[1], encrypted)));
    assertNull(RsaPad.open(KEY, new byte[0]));
  }

  /** c and c + n decrypt to the same. */
  @Test
  @DisplayName("13. RSA_PAD: refused unless below the modulus")
  void aNumberNotBelowTheModulusIsRefused() {
    BigInteger twin;
    int seed = 0;
    do {
      twin = new BigInteger(1, encrypted(seed++)).add(N);
    } while (twin.bitLength() > 2048);
    assertNotNull(RsaPad.open(KEY, Dh.fixed(twin.subtract(N))));
    assertNull(RsaPad.open(KEY, Dh.fixed(twin)));
    assertNull(RsaPad.open(KEY, Dh.fixed(N)));
  }

  /** Each part of the block in turn: temp_key, data, padding, hash. */
  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 100, 223, 224, 255})
  @DisplayName("13. RSA_PAD: SHA256(temp_key + data) verifies")
  void aBlockWhoseHashDoesNotVerifyIsRefused(int at) {
    byte[] block = KEY.decrypt(encrypted(1));
    block[0] &= 0x3f; // below the modulus, whatever is changed
    block[at] ^= 0x20;
    assertNull(RsaPad.open(KEY, KEY.publicKey().encrypt(block)));
  }

  @Test
  void randomBlocksAreRefused() {
    Random random = new Random(5);
    byte[] block = new byte[256];
    for (int i = 0; i < 100; i++) {
      random.nextBytes(block);
      if (i % 2 == 0) {
        block[0] = 0; // as the former form begins
      }
      assertNull(RsaPad.open(KEY, block));
    }
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RsaPadTest {
  private static final ServerKey KEY = ServerKeyTest.SAMPLE;
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

  @Property(tries = 30)
  void decryptsWhatItEncrypts(@ForAll long seed, @ForAll @Size(max = 144) byte[] data) {
    byte[] padded = RsaPad.decrypt(KEY, RsaPad.encrypt(KEY.publicKey(), data, new Random(seed)));
    assertNotNull(padded);
    assertEquals(192, padded.length);
    assertArrayEquals(data, Bytes.slice(padded, 0, data.length));
  }

  @Test
  void takesAtMost144Bytes() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RsaPad.encrypt(KEY.publicKey(), new byte[145], new Random(1)));
  }

  @Test
  void itsLengthIsExactly256Bytes() {
    byte[] encrypted = RsaPad.encrypt(KEY.publicKey(), new byte[10], new Random(1));
    assertNull(RsaPad.decrypt(KEY, Bytes.slice(encrypted, 0, 255)));
    assertNull(RsaPad.decrypt(KEY, Bytes.concat(encrypted, new byte[1])));
    assertNull(RsaPad.decrypt(KEY, Bytes.concat(new byte[1], encrypted)));
    assertNull(RsaPad.decrypt(KEY, new byte[0]));
  }

  /** c and c + n decrypt to the same. */
  @Test
  void aNumberNotBelowTheModulusIsRefused() {
    Random random = new Random(1);
    BigInteger twin;
    do {
      twin = new BigInteger(1, RsaPad.encrypt(KEY.publicKey(), new byte[10], random)).add(N);
    } while (twin.bitLength() > 2048);
    assertNotNull(RsaPad.decrypt(KEY, Dh.fixed(twin.subtract(N))));
    assertNull(RsaPad.decrypt(KEY, Dh.fixed(twin)));
    assertNull(RsaPad.decrypt(KEY, Dh.fixed(N)));
  }

  /** Each part of the block in turn: temp_key, data, padding, hash. */
  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 100, 223, 224, 255})
  void aBlockWhoseHashDoesNotVerifyIsRefused(int at) {
    byte[] block = KEY.decrypt(RsaPad.encrypt(KEY.publicKey(), new byte[10], new Random(1)));
    block[0] &= 0x3f; // below the modulus, whatever is changed
    block[at] ^= 0x20;
    assertNull(RsaPad.decrypt(KEY, KEY.publicKey().encrypt(block)));
  }

  @Property(tries = 30)
  void randomBlocksAreRefused(@ForAll @Size(256) byte[] block) {
    assertNull(RsaPad.decrypt(KEY, block));
  }
}

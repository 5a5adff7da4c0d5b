package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IgeTest {
  private static final HexFormat HEX = HexFormat.of();

  /** test/igetest.c of OpenSSL: the mode does not depend on the length of the key. */
  @Test
  void encryptsTheVectorOfOpenSsl() {
    byte[] data = new byte[32];
    Ige.encrypt(counting(16, 0), counting(32, 0), data, 0);
    assertEquals(
        "1a8519a6557be652e9da8e43da4ef4453cf456b4ca488aa383c79c98b34797cb", HEX.formatHex(data));
  }

  /** core.telegram.org/mtproto/samples-auth_key: the beginning of its encrypted_answer. */
  @Test
  void decryptsTheSampleOfTheSpecification() {
    byte[] key = HEX.parseHex("F011280887C7BB01DF0FC4E17830E0B91FBB8BE4B2267CB985AE25F33B527253");
    byte[] iv = HEX.parseHex("3212D579EE35452ED23E0D0C92841AA7D31B2E9BDEF2151E80D15860311C85DB");
    byte[] encrypted =
        HEX.parseHex(
            "28A92FE20173B347A8BB324B5FAB2667C9A8BBCE6468D5B509A4CBDDC186240AC912CF7006AF8926DE606A2E74C0493C"
                + "AA57741E6C82451F54D3E068F5CCC49B");
    assertEquals(
        "4b0af668cf60a358233f93b7341fca7e7f02a8c2ba0d89b53e0549828cca27e966b301a48fece2fca5cf4d33f4a11ea8"
            + "77ba4aa57390733002000000fe000100",
        HEX.formatHex(Ige.decrypt(key, iv, encrypted, 0, 64)));
  }

  /** Computed block by block by another implementation. */
  @Test
  void encryptsAKnownAnswerOf256Bits() {
    byte[] data = new byte[80];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 7 + 3);
    }
    Ige.encrypt(counting(32, 0), counting(32, 64), data, 0);
    assertEquals(
        "feeae482577680900f741a7f544223043c54c1ad2038d946625855808e1e231d6a8a661e0ea0faaa7ddf7754a4fc8f52"
            + "77c1435a6670164acb7d34449c9efa51a32ffc666b3d2200627ae11fdfc753ae",
        HEX.formatHex(data));
  }

  @Property
  void decryptsWhatItEncrypts(
      @ForAll long seed,
      @ForAll @IntRange(max = 70) int blocks,
      @ForAll @IntRange(max = 40) int offset) {
    Random random = new Random(seed);
    byte[] key = new byte[32];
    byte[] iv = new byte[32];
    byte[] data = new byte[offset + 16 * blocks];
    random.nextBytes(key);
    random.nextBytes(iv);
    random.nextBytes(data);
    byte[] encrypted = data.clone();
    Ige.encrypt(key, iv, encrypted, offset);
    assertArrayEquals(Bytes.slice(data, 0, offset), Bytes.slice(encrypted, 0, offset));
    assertArrayEquals(
        Bytes.slice(data, offset, data.length),
        Ige.decrypt(key, iv, encrypted, offset, 16 * blocks));
  }

  @Test
  void refusesBrokenBlocks() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Ige.encrypt(new byte[32], new byte[32], new byte[17], 0));
  }

  private static byte[] counting(int length, int from) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AuthKeyTest {
  /** SHA1 4a9c5b9e5e368da9991013119fb90628b1c1f319, by another implementation. */
  static final AuthKey SAMPLE = sample();

  private static AuthKey sample() {
    byte[] bytes = new byte[AuthKey.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37 + 11);
    }
    return new AuthKey(bytes);
  }

  @Test
  void idIsTheLower64BitsOfTheHash() {
    assertEquals(0x19f3c1b12806b99fL, SAMPLE.id());
  }

  @Test
  void auxHashIsTheHigher64BitsOfTheHash() {
    assertEquals(0xa98d365e9e5b9c4aL, SAMPLE.auxHash());
  }

  @Test
  void isShownNowhere() {
    assertEquals("AuthKey[hidden]", SAMPLE.toString());
  }

  @Test
  void equalsByItsBytes() {
    assertEquals(sample(), SAMPLE);
    assertEquals(sample().hashCode(), SAMPLE.hashCode());
    assertNotEquals(new AuthKey(new byte[AuthKey.BYTES]), SAMPLE);
  }

  @Test
  void has256Bytes() {
    assertThrows(IllegalArgumentException.class, () -> new AuthKey(new byte[255]));
  }
}

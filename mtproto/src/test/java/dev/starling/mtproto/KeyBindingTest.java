package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.starling.tl.mt.BindAuthKeyInner;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyBindingTest {
  private static final AuthKey KEY = AuthKeyTest.SAMPLE;
  private static final KeyBinding BINDING =
      new KeyBinding(0x5e0b700a00000000L, new BindAuthKeyInner(1, 2, KEY.id(), 4, 1_800_000_000));

  private final byte[] sealed = BINDING.seal(KEY, new Counter());

  @Test
  void opensWhatAClientSealed() {
    assertEquals(BINDING, KeyBinding.open(KEY, sealed));
  }

  @Test
  void nothingChangedOpens() {
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      KeyBinding opened = KeyBinding.open(KEY, changed);
      // "Excluding the padding": in MTProto 1.0 the last bytes are under no hash.
      assertEquals(i < sealed.length - 16 ? null : opened, opened, "byte " + i);
    }
  }

  @Test
  void anotherKeyOpensNothing() {
    byte[] other = new byte[AuthKey.BYTES];
    new Random(1).nextBytes(other);
    assertNull(KeyBinding.open(new AuthKey(other), sealed));
  }

  @Test
  void itsLengthIsThatOfTheOneMessage() {
    assertNull(KeyBinding.open(KEY, new byte[0]));
    assertNull(KeyBinding.open(KEY, Bytes.concat(sealed, new byte[16])));
    assertNull(KeyBinding.open(KEY, Bytes.slice(sealed, 0, sealed.length - 16)));
  }

  /** By another implementation: random bytes counting from 0, the binding above. */
  @Test
  void sealsAKnownAnswer() {
    assertEquals(
        "78c56971a727c6a87b8becad7b10f939bc498e61a96ed1ae5f82f693f70807f7",
        HexFormat.of().formatHex(Bytes.sha256(sealed)));
  }
}

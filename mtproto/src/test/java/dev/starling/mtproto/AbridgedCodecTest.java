package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbridgedCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  private final List<String> notes = new ArrayList<>();

  @Test
  void lengthsAreInWords() {
    FrameCodec codec = new AbridgedCodec(Side.CLIENT);
    assertNull(decode(codec, "0101020304" + "821112131415161718" + "7f010000a1a2a3a4" + "ff0100"));
    assertEquals(List.of("01020304", "1112131415161718 quick", "a1a2a3a4"), notes);
    assertNull(decode(codec, "00b1b2b3b4"));
    assertEquals("b1b2b3b4 quick", notes.getLast());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7e, 0x7f, 0x80})
  void theLongFormBeginsAt7f(int words) {
    byte[] packet = new byte[4 * words];
    for (boolean quick : List.of(false, true)) {
      byte[] frame = new AbridgedCodec(Side.SERVER).encode(packet, quick, new Random(1));
      String header = words < 0x7f ? "7e" : "7f" + HEX.toHexDigits((byte) words) + "0000";
      int first = Integer.parseInt(header.substring(0, 2), 16) | (quick ? 0x80 : 0);
      String expected = HEX.toHexDigits((byte) first) + header.substring(2);
      assertEquals(expected, HEX.formatHex(frame, 0, frame.length - packet.length));
      notes.clear();
      assertNull(new AbridgedCodec(Side.CLIENT).decode(frame, 0, frame.length, new Notes(notes)));
      assertEquals(List.of(HEX.formatHex(packet) + (quick ? " quick" : "")), notes);
    }
  }

  /** "The bytes in reverse", so that the first tells by its bit 7. */
  @Test
  void aServersQuickAckIsFourBareBytesInReverse() {
    FrameCodec codec = new AbridgedCodec(Side.SERVER);
    assertEquals("84332211", HEX.formatHex(codec.encodeQuickAck(0x84332211)));
    assertNull(decode(codec, "ff332211" + "0101020304"));
    assertEquals(List.of("ack ff332211", "01020304"), notes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "80", "7f000000", "7f014000", "7fffffff", "ffffffff"})
  void aLengthOutOfBoundsIsAFault(String header) {
    assertNotNull(decode(new AbridgedCodec(Side.CLIENT), header));
  }

  @Test
  void aTransportErrorIsOneWord() {
    assertEquals("016cfeffff", HEX.formatHex(new AbridgedCodec(Side.CLIENT).encodeError(-404)));
  }

  private @Nullable String decode(FrameCodec codec, String hex) {
    byte[] bytes = HEX.parseHex(hex);
    return codec.decode(bytes, 0, bytes.length, new Notes(notes));
  }
}

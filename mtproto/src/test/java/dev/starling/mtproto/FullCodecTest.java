package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FullCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  private final List<String> notes = new ArrayList<>();
  private final Random random = new Random(1);

  /** By zlib's crc32 of what stands before it. */
  @Test
  void aKnownFrame() {
    FrameCodec codec = new FullCodec(Side.CLIENT);
    assertEquals(
        "10000000" + "00000000" + "6cfeffff" + "0d2f4107", HEX.formatHex(codec.encodeError(-404)));
    assertEquals(
        "10000000" + "01000000" + "01020304" + "dc0f1f2c",
        HEX.formatHex(codec.encode(new byte[] {1, 2, 3, 4}, false, random)));
  }

  @Test
  void framesAreNumbered() {
    byte[] frames = frames(3);
    FrameCodec codec = new FullCodec(Side.CLIENT);
    assertNull(codec.decode(frames, 0, frames.length, new Notes(notes)));
    assertEquals(List.of("00000000", "01010101", "02020202"), notes);
  }

  @Test
  void aFrameThatComesTwiceIsAFault() {
    byte[] frame = frames(1);
    FrameCodec codec = new FullCodec(Side.CLIENT);
    assertNull(codec.decode(frame, 0, frame.length, new Notes(notes)));
    assertNotNull(codec.decode(frame, 0, frame.length, new Notes(notes)));
    assertEquals(1, notes.size());
  }

  /** Every bit but those of the length, which another rule minds. */
  @Test
  void aFlippedBitIsAFault() {
    byte[] frame = frames(1);
    for (int bit = 32; bit < 8 * frame.length; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertNotNull(
          new FullCodec(Side.CLIENT).decode(flipped, 0, flipped.length, new Notes(notes)));
    }
    assertEquals(List.of(), notes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000",
        "0c000000",
        "0f000000",
        "11000000",
        "0d002000",
        "ffffffff",
        "80808080"
      })
  void aLengthOutOfBoundsIsAFault(String header) {
    byte[] bytes = HEX.parseHex(header);
    assertNotNull(new FullCodec(Side.CLIENT).decode(bytes, 0, bytes.length, new Notes(notes)));
  }

  @Test
  void aBareErrorIsUnderstood() {
    byte[] bytes = HEX.parseHex("53feffff".repeat(3));
    assertNull(new FullCodec(Side.SERVER).decode(bytes, 0, bytes.length, new Notes(notes)));
    assertEquals("53feffff", notes.getFirst());
  }

  private byte[] frames(int count) {
    FrameCodec codec = new FullCodec(Side.SERVER);
    byte[][] frames = new byte[count][];
    for (int i = 0; i < count; i++) {
      byte b = (byte) i;
      frames[i] = codec.encode(new byte[] {b, b, b, b}, false, random);
    }
    return Bytes.concat(frames);
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntermediateCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  private final List<String> packets = new ArrayList<>();
  private final PacketSink sink = new Notes(packets);

  @Test
  void findsPacketsByTheirLength() {
    FrameCodec codec = new IntermediateCodec(false, Side.CLIENT);
    assertNull(decode(codec, "0400000001020304" + "080000801112131415161718" + "04000000a1"));
    assertEquals(List.of("01020304", "1112131415161718 quick"), packets);
    assertNull(decode(codec, "a2a3a4"));
    assertEquals("a1a2a3a4", packets.getLast());
  }

  @Test
  void leavesThePaddingOnForTheEnvelope() {
    assertNull(decode(new IntermediateCodec(true, Side.CLIENT), "0600000001020304abcd"));
    assertEquals(List.of("01020304abcd"), packets);
  }

  @ParameterizedTest
  @CsvSource({
    "00000000, false",
    "03000000, true",
    "05000000, false",
    "01002000, false",
    "04002000, true",
    "ffffff7f, true"
  })
  void aLengthOutOfBoundsIsFoundBeforeAnythingIsReserved(String header, boolean padded) {
    String fault = decode(new IntermediateCodec(padded, Side.CLIENT), header);
    assertTrue(fault != null && packets.isEmpty());
  }

  @Test
  void theLongestPacketPasses() {
    byte[] packet = new byte[FrameCodec.PACKET_BYTES_MAX];
    new Random(1).nextBytes(packet);
    FrameCodec codec = new IntermediateCodec(false, Side.CLIENT);
    codec.trust();
    byte[] frame = codec.encode(packet, false, new Random(1));
    assertNull(codec.decode(frame, 0, frame.length, sink));
    assertEquals(List.of(HEX.formatHex(packet)), packets);
  }

  @Test
  void paddingIsZeroToThreeRandomBytes() {
    FrameCodec codec = new IntermediateCodec(true, Side.SERVER);
    Random random = new Random(1);
    var lengths = new TreeSet<Integer>();
    for (int i = 0; i < 100; i++) {
      lengths.add(codec.encode(new byte[8], false, random).length - 12);
    }
    assertEquals(List.of(0, 1, 2, 3), List.copyOf(lengths));
  }

  @Test
  void aTransportErrorIsNeverPadded() {
    byte[] frame = new IntermediateCodec(true, Side.CLIENT).encodeError(-404);
    assertEquals("040000006cfeffff", HEX.formatHex(frame));
  }

  @Test
  void aServersQuickAckIsFourBareBytes() {
    FrameCodec codec = new IntermediateCodec(false, Side.SERVER);
    assertNull(decode(codec, "11223384" + "0400000001020304"));
    assertEquals(List.of("ack 84332211", "01020304"), packets);
    assertEquals("11223384", HEX.formatHex(codec.encodeQuickAck(0x84332211)));
  }

  private @Nullable String decode(FrameCodec codec, String hex) {
    byte[] bytes = HEX.parseHex(hex);
    return codec.decode(bytes, 0, bytes.length, sink);
  }
}

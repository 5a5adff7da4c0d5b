package dev.starling.tl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.starling.tl.MsgContainer.ContainerMessage;
import dev.starling.tl.api.AnyJSONValue;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InitConnection;
import dev.starling.tl.api.InputUserSelf;
import dev.starling.tl.api.InvokeWithLayer;
import dev.starling.tl.api.InvokeWithoutUpdates;
import dev.starling.tl.api.JsonArray;
import dev.starling.tl.api.JsonNull;
import dev.starling.tl.api.UsersGetUsers;
import dev.starling.tl.mt.MsgsAck;
import dev.starling.tl.mt.Pong;
import dev.starling.tl.mt.ReqPq;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The core: framing of values, wrappers, packed queries, and every limit. */
class TlTest {
  private static final int UNKNOWN_ID = 0x0badf00d;

  @Test
  void containersKeepTheirBodiesRaw() {
    byte[] garbage = {1, 2, 3, 4};
    var container =
        new MsgContainer(
            List.of(new ContainerMessage(5, 1, garbage), new ContainerMessage(6, 2, new byte[0])));
    var read = (MsgContainer) value(Tl.encode(container, Layer.NEWEST));
    assertEquals(2, read.messages().size());
    assertEquals(5, read.messages().getFirst().msgId());
    assertArrayEquals(garbage, read.messages().getFirst().body());
  }

  @Test
  void aResultStaysRawUntilItsCallReadsIt() {
    var call = new UsersGetUsers(List.of());
    byte[] result = Tl.encodeResult(call, List.of(), Layer.NEWEST);
    var read = (RpcResult) value(Tl.encode(new RpcResult(9, result), Layer.NEWEST));
    assertEquals(9, read.reqMsgId());
    assertEquals(List.of(), call.readResult(new TlReader(read.result(), 0, read.result().length)));
  }

  @Test
  void packedQueriesInsideWrappersAreUnpacked() throws IOException {
    byte[] query = Tl.encode(new HelpGetConfig(), Layer.NEWEST);
    for (byte[] packed : List.of(Gzip.pack(query), zlib(query))) {
      var read = (InvokeWithLayer<?>) value(wrapped(packedQuery(packed)));
      assertEquals(new HelpGetConfig(), ((InitConnection<?>) read.query()).query());
    }
  }

  @Test
  @DisplayName("18. a packed query is unpacked once, and within its cap")
  void aQueryPackedTwiceOrTooLargeIsMalformed() {
    byte[] query = Tl.encode(new HelpGetConfig(), Layer.NEWEST);
    byte[] inner = prefixed(InvokeWithoutUpdates.ID, packedQuery(Gzip.pack(query)));
    assertMalformed("packed twice", wrapped(packedQuery(Gzip.pack(inner))));
    byte[] bomb = Gzip.pack(new byte[TlReader.MAX_UNPACKED + 1]);
    assertMalformed("gzip unpacks to more than 1048576 bytes", wrapped(packedQuery(bomb)));
    assertMalformed("damaged gzip", wrapped(packedQuery(new byte[] {0x1f, (byte) 0x8b, 8, 0})));
  }

  @Test
  void unknownMethodsAreToldApartFromMalformedOnes() {
    assertEquals(new Decoded.Unknown(UNKNOWN_ID), Tl.decode(words(UNKNOWN_ID)));
    assertEquals(
        new Decoded.Unknown(UNKNOWN_ID), Tl.decode(words(InvokeWithLayer.ID, 227, UNKNOWN_ID)));
    assertMalformed(
        "unknown constructor badf00d", words(UsersGetUsers.ID, TlWriter.VECTOR_ID, 1, UNKNOWN_ID));
    assertMalformed(
        "unknown constructor " + Integer.toHexString(JsonNull.ID),
        words(UsersGetUsers.ID, TlWriter.VECTOR_ID, 1, JsonNull.ID));
    assertMalformed(
        "constructor " + Integer.toHexString(InputUserSelf.ID) + " in the place of a method",
        words(InvokeWithoutUpdates.ID, InputUserSelf.ID));
  }

  @Test
  void bytesBehindAValueAreLeftAlone() {
    byte[] padded = Arrays.copyOf(Tl.encode(new ReqPq(new byte[16]), Layer.NEWEST), 200);
    assertInstanceOf(ReqPq.class, value(padded));
  }

  @Test
  void aValueCutShortIsMalformed() {
    byte[] whole = Tl.encode(new Pong(1, 2), Layer.NEWEST);
    for (int length = 0; length < whole.length; length++) {
      assertInstanceOf(Decoded.Malformed.class, Tl.decode(whole, 0, length), "cut to " + length);
    }
  }

  @Test
  @DisplayName("18. vectors are held against the bytes that are there before anything is allocated")
  void countsAreHeldAgainstWhatIsThere() {
    for (int count : new int[] {-1, 2, Integer.MAX_VALUE}) {
      assertMalformed(
          "a vector of " + count + " elements in 4 bytes",
          words(UsersGetUsers.ID, TlWriter.VECTOR_ID, count, 0));
    }
    assertMalformed("a container of 1021 messages", words(MsgContainer.ID, 1021));
    assertMalformed("16777215 bytes wanted, 4 left", words(GzipPacked.ID, 0xfffffffe, 0));
    assertMalformed("a string begins with ff", words(GzipPacked.ID, 0xffffffff));
  }

  @Test
  @DisplayName("18. elements are capped over all that a packet carries")
  void elementsOfAPacketAreCapped() {
    PacketBudget packet = new PacketBudget(0);
    byte[] half =
        Tl.encode(new MsgsAck(Collections.nCopies(TlReader.MAX_ELEMENTS / 2, 1L)), Layer.NEWEST);
    byte[] one = Tl.encode(new MsgsAck(List.of(1L)), Layer.NEWEST);
    assertInstanceOf(Decoded.Value.class, Tl.decode(half, packet));
    assertInstanceOf(Decoded.Value.class, Tl.decode(half, packet));
    assertInstanceOf(Decoded.Malformed.class, Tl.decode(one, packet));
    assertInstanceOf(Decoded.Malformed.class, Tl.decode(half, packet));
    assertInstanceOf(Decoded.Value.class, Tl.decode(one, new PacketBudget(0)));
  }

  @Test
  @DisplayName("18. elements and nesting are capped")
  void elementsAndNestingAreCapped() {
    byte[] acks =
        Tl.encode(new MsgsAck(Collections.nCopies(TlReader.MAX_ELEMENTS + 1, 1L)), Layer.NEWEST);
    assertMalformed("over 131072 elements", acks);
    assertInstanceOf(
        JsonArray.class, value(Tl.encode(nested(TlReader.MAX_DEPTH - 1), Layer.NEWEST)));
    assertMalformed("nested deeper than 64", Tl.encode(nested(TlReader.MAX_DEPTH), Layer.NEWEST));
    int[] wrappers = new int[1 << 16];
    Arrays.fill(wrappers, InvokeWithoutUpdates.ID);
    assertMalformed("nested deeper than 64", words(wrappers));
  }

  @Test
  void stringsTakeBothFormsOfLength() {
    for (int length : new int[] {0, 1, 2, 3, 253, 254, 255, 70_000}) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 7);
      var read = (GzipPacked) value(Tl.encode(new GzipPacked(bytes), Layer.NEWEST));
      assertArrayEquals(bytes, read.packed());
    }
    var in = new TlReader(new byte[] {(byte) 254, 1, 0, 0, 'x', 0, 0, 0}, 0, 8);
    assertEquals("x", in.readString(), "a short string in the long form");
    assertEquals(0, in.remaining());
  }

  private static AnyJSONValue nested(int depth) {
    AnyJSONValue value = new JsonNull();
    for (int i = 0; i < depth; i++) {
      value = new JsonArray(List.of(value));
    }
    return value;
  }

  private static TlObject value(byte[] bytes) {
    return assertInstanceOf(Decoded.Value.class, Tl.decode(bytes)).value();
  }

  private static void assertMalformed(String reason, byte[] bytes) {
    assertEquals(new Decoded.Malformed(reason), Tl.decode(bytes));
  }

  private static byte[] words(int... words) {
    var out = new TlWriter(Layer.NEWEST);
    for (int word : words) {
      out.writeInt(word);
    }
    return out.toByteArray();
  }

  private static byte[] prefixed(int id, byte[] rest) {
    var out = new TlWriter(Layer.NEWEST);
    out.writeInt(id);
    out.writeRaw(rest);
    return out.toByteArray();
  }

  private static byte[] packedQuery(byte[] packed) {
    return Tl.encode(new GzipPacked(packed), Layer.NEWEST);
  }

  /** invokeWithLayer(initConnection(query)), the query already bytes. */
  private static byte[] wrapped(byte[] query) {
    var init = InitConnection.of(1, "device", "system", "app", "en", "", "en", new HelpGetConfig());
    byte[] whole = Tl.encode(new InvokeWithLayer<>(227, init), Layer.NEWEST);
    byte[] head = Arrays.copyOf(whole, whole.length - 4);
    byte[] wrapped = Arrays.copyOf(head, head.length + query.length);
    System.arraycopy(query, 0, wrapped, head.length, query.length);
    return wrapped;
  }

  private static byte[] zlib(byte[] data) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(bytes)) {
      out.write(data);
    }
    return bytes.toByteArray();
  }
}

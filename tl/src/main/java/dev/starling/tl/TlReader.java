package dev.starling.tl;

import dev.starling.tl.api.AnyInputChannel;
import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.InputChannel;
import dev.starling.tl.api.InputPeerChannel;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.InputUserEmpty;
import dev.starling.tl.api.InputUserSelf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads TL values of any known layer. What a peer sends decides nothing about memory: lengths are
 * held against the bytes that are there before anything is allocated, nesting and the number of
 * elements are capped. Each method throws {@link TlException} on bad input, and nothing else.
 */
public final class TlReader {
  /**
   * Deeper than any real value (rich text in a page is the deepest), far from the end of a stack.
   */
  public static final int MAX_DEPTH = 64;

  /**
   * Elements of all vectors in one packet: a full contact list has thousands; an element takes 4
   * bytes on the wire, and ten times as many in memory.
   */
  public static final int MAX_ELEMENTS = 1 << 17;

  /**
   * What a packed query inside a wrapper may unpack to: an upload part of 512 KiB and its wrappers
   * fit.
   */
  public static final int MAX_UNPACKED = 1 << 20;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] data;
  private int at;
  private int end;
  private int depth;
  private boolean unpacked;
  private final PacketBudget budget;

  public TlReader(byte[] data, int offset, int length) {
    this(data, offset, length, new PacketBudget(MAX_UNPACKED));
  }

  TlReader(byte[] data, int offset, int length, PacketBudget budget) {
    if (offset < 0 || length < 0 || length > data.length - offset) {
      throw new IndexOutOfBoundsException(offset + " + " + length + " of " + data.length);
    }
    this.data = data;
    this.at = offset;
    this.end = offset + length;
    this.budget = budget;
  }

  public int remaining() {
    return end - at;
  }

  public int readInt() {
    return (int) INT.get(data, claim(4));
  }

  public long readLong() {
    return (long) LONG.get(data, claim(8));
  }

  public double readDouble() {
    return Double.longBitsToDouble(readLong());
  }

  public boolean readBool() {
    return switch (readInt()) {
      case TlWriter.TRUE_ID -> true;
      case TlWriter.FALSE_ID -> false;
      default -> throw new TlException("not a Bool");
    };
  }

  /** Bytes that are not UTF-8 become U+FFFD, since what a string means is the method's to judge. */
  public String readString() {
    int head = at;
    int length = stringLength();
    int start = claim(length);
    skipPadding(head);
    return new String(data, start, length, StandardCharsets.UTF_8);
  }

  public byte[] readBytes() {
    int head = at;
    int length = stringLength();
    int start = claim(length);
    skipPadding(head);
    return Arrays.copyOfRange(data, start, start + length);
  }

  public byte[] readRaw(int length) {
    int start = claim(length);
    return Arrays.copyOfRange(data, start, start + length);
  }

  public List<Integer> readInts() {
    return readVector(TlReader::readInt);
  }

  public List<Long> readLongs() {
    return readVector(TlReader::readLong);
  }

  public List<Double> readDoubles() {
    return readVector(TlReader::readDouble);
  }

  public List<String> readStrings() {
    return readVector(TlReader::readString);
  }

  public List<byte[]> readByteStrings() {
    return readVector(TlReader::readBytes);
  }

  /** A vector of boxed objects, each read by {@code element}. */
  public <T> List<T> readVector(Function<TlReader, T> element) {
    if (readInt() != TlWriter.VECTOR_ID) {
      throw new TlException("not a Vector");
    }
    return readBareVector(element);
  }

  /** A vector without its constructor id, as {@code future_salts} holds. */
  public <T> List<T> readBareVector(Function<TlReader, T> element) {
    int count = readInt();
    if (count < 0 || count > remaining() / 4) {
      throw new TlException("a vector of " + count + " elements in " + remaining() + " bytes");
    }
    if (!budget.takeElements(count)) {
      throw new TlException("over " + MAX_ELEMENTS + " elements");
    }
    var values = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      values.add(element.apply(this));
    }
    return Collections.unmodifiableList(values);
  }

  /**
   * Any value of the API that stands where the schema says {@code !X}: a method, perhaps packed.
   */
  public TlMethod<?> readMethod() {
    int id = enter();
    TlMethod<?> method = id == GzipPacked.ID ? unpackMethod() : Tl.readMethod(id, this);
    leave();
    return method;
  }

  private TlMethod<?> unpackMethod() {
    // TDLib packs the innermost query: invokeWithLayer(initConnection(gzip_packed(query))).
    if (unpacked) {
      throw new TlException("packed twice");
    }
    unpacked = true;
    byte[] inner = budget.unpack(readBytes());
    byte[] outerData = data;
    int outerAt = at;
    int outerEnd = end;
    data = inner;
    at = 0;
    end = inner.length;
    TlMethod<?> method = readMethod();
    data = outerData;
    at = outerAt;
    end = outerEnd;
    return method;
  }

  /** Opens a boxed object and answers its constructor id; {@link #leave} closes it. */
  public int enter() {
    if (++depth > MAX_DEPTH) {
      throw new TlException("nested deeper than " + MAX_DEPTH);
    }
    return readInt();
  }

  public void leave() {
    depth--;
  }

  /**
   * Reads the fields of a constructor that the canonical layer does not have: an older shape, or a
   * mistake.
   */
  public <T> T readOther(int id, Class<T> type) {
    Object named = byPeer(id, type);
    if (named != null) {
      return type.cast(named);
    }
    Shape shape = WireTables.byWireId(id);
    if (shape == null) {
      throw new TlException("unknown constructor " + Integer.toHexString(id));
    }
    Object value = shape.read(this);
    if (!type.isInstance(value)) {
      throw new TlException(
          "constructor " + Integer.toHexString(id) + " in the place of another type");
    }
    return type.cast(value);
  }

  /**
   * A user or channel that is named by a peer. The schema has another type in these places, but
   * Pyrogram and its forks send the peer, and the network takes it.
   */
  private @Nullable Object byPeer(int id, Class<?> type) {
    if (type == AnyInputUser.class) {
      return switch (id) {
        case InputPeerEmpty.ID -> new InputUserEmpty();
        case InputPeerSelf.ID -> new InputUserSelf();
        case InputPeerUser.ID -> new InputUser(readLong(), readLong());
        default -> null;
      };
    }
    return type == AnyInputChannel.class && id == InputPeerChannel.ID
        ? new InputChannel(readLong(), readLong())
        : null;
  }

  private int stringLength() {
    int first = claim(1);
    int length = data[first] & 0xff;
    if (length <= TlWriter.SHORT_LENGTH) {
      return length;
    }
    if (length == 255) {
      throw new TlException("a string begins with ff");
    }
    at = first;
    return readInt() >>> 8;
  }

  private void skipPadding(int head) {
    claim(-(at - head) & 3);
  }

  private int claim(int length) {
    int from = at;
    if (length < 0 || length > end - from) {
      throw new TlException(length + " bytes wanted, " + (end - from) + " left");
    }
    at = from + length;
    return from;
  }
}

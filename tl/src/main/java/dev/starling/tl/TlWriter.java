package dev.starling.tl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes TL values for one layer: little-endian words, strings padded to four bytes. Every nested
 * object is asked for in that layer's shape, so one tree of canonical values serves clients of
 * every age.
 */
public final class TlWriter {
  static final int VECTOR_ID = 0x1cb5c415;
  static final int TRUE_ID = 0x997275b5;
  static final int FALSE_ID = 0xbc799737;

  /**
   * "If L <= 253, one byte with the length L; else byte 254 followed by 3 bytes with the length."
   */
  static final int SHORT_LENGTH = 253;

  /** The longest string that three bytes of length can tell. */
  static final int MAX_BYTES = (1 << 24) - 1;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Layer layer;

  /** What the layer has in another shape; null for the newest, which has nothing so. */
  private final @Nullable ById<Shape> shapes;

  private byte[] data = new byte[128];
  private int size;

  public TlWriter(Layer layer) {
    this.layer = layer;
    this.shapes = layer == Layer.NEWEST ? null : layer.shapes();
  }

  /** The bytes so far. */
  public byte[] toByteArray() {
    return Arrays.copyOf(data, size);
  }

  public int size() {
    return size;
  }

  public void writeInt(int value) {
    int at = claim(4); // before data is read: it may grow
    INT.set(data, at, value);
  }

  public void writeLong(long value) {
    int at = claim(8);
    LONG.set(data, at, value);
  }

  public void writeDouble(double value) {
    writeLong(Double.doubleToRawLongBits(value));
  }

  public void writeBool(boolean value) {
    writeInt(value ? TRUE_ID : FALSE_ID);
  }

  public void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A length, the bytes, and zeros up to a multiple of four. */
  public void writeBytes(byte[] value) {
    if (value.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "TL strings end at 16 MiB, this has " + value.length + " bytes");
    }
    int header = value.length <= SHORT_LENGTH ? 1 : 4;
    int at = claim((header + value.length + 3) & ~3);
    if (header == 1) {
      data[at] = (byte) value.length;
    } else {
      INT.set(data, at, value.length << 8 | 254);
    }
    System.arraycopy(value, 0, data, at + header, value.length);
  }

  /** Bytes as they are: int128, int256, a body encoded before. */
  public void writeRaw(byte[] value) {
    int at = claim(value.length);
    System.arraycopy(value, 0, data, at, value.length);
  }

  /** As {@link #writeRaw(byte[])}, where the schema fixes the length. */
  public void writeFixed(byte[] value, int length) {
    if (value.length != length) {
      throw new IllegalArgumentException(
          "the schema wants " + length + " bytes, this has " + value.length);
    }
    writeRaw(value);
  }

  public void writeObject(TlObject value) {
    value.write(this);
  }

  public void writeInts(List<Integer> values) {
    writeVector(values, TlWriter::writeInt);
  }

  public void writeLongs(List<Long> values) {
    writeVector(values, TlWriter::writeLong);
  }

  public void writeDoubles(List<Double> values) {
    writeVector(values, TlWriter::writeDouble);
  }

  public void writeStrings(List<String> values) {
    writeVector(values, TlWriter::writeString);
  }

  public void writeByteStrings(List<byte[]> values) {
    writeVector(values, TlWriter::writeBytes);
  }

  /** A vector of boxed objects; those that the layer cannot express are left out. */
  public void writeObjects(List<? extends TlObject> values) {
    var expressible = shapes == null ? values : values.stream().filter(layer::expresses).toList();
    writeVector(expressible, TlWriter::writeObject);
  }

  private <T> void writeVector(List<T> values, BiConsumer<TlWriter, T> element) {
    writeInt(VECTOR_ID);
    writeBareVector(values, element);
  }

  /** A vector without its constructor id, as {@code future_salts} holds. */
  public <T> void writeBareVector(List<T> values, BiConsumer<TlWriter, T> element) {
    writeInt(values.size());
    for (T value : values) {
      element.accept(this, value);
    }
  }

  /** Whether an optional object is there and this layer has a place for it. */
  public boolean has(@Nullable TlObject value) {
    return value != null && (shapes == null || layer.expresses(value));
  }

  /**
   * How every generated record begins to write itself.
   *
   * @return true if the id is written and the canonical fields are to follow; false if all is
   *     written, because this layer has the constructor in another shape or not at all
   */
  public boolean begin(TlObject value, int id) {
    Shape shape = shapes == null ? null : shapes.get(id);
    if (shape != null) {
      shape.write((Fields) value, this);
      return false;
    }
    writeInt(id);
    return true;
  }

  /**
   * As {@link #begin} for the answer to the method of this id, whose type the layer may not share.
   */
  public boolean beginResult(int methodId, Object result) {
    Shape.Part part = shapes == null ? null : layer.resultPart(methodId);
    if (part == null) {
      return true;
    }
    part.write(result, this);
    return false;
  }

  private int claim(int length) {
    int at = size;
    if (length > data.length - at) {
      data = Arrays.copyOf(data, Math.max(data.length * 2, Math.addExact(at, length)));
    }
    size = at + length;
    return at;
  }
}

package dev.starling.tl;

import dev.starling.tl.api.Registry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A constructor as some older layer has it: its id there, and for each of its fields the kind, the
 * flag bit and the component of the canonical record that it is. Reading and writing interpret the
 * list.
 *
 * @param wireId the id on the wire
 * @param canonicalId the record that it is read to and written from; 0 if nothing is left of it, so
 *     that it is only skipped
 * @param components how many components the record has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Shape(int wireId, int canonicalId, int components, Use use, Op[] ops) {
  /** No component of the record is this field: it is skipped when read, written as a constant. */
  static final int NONE = 0xffff;

  /** The field is always there. */
  static final int ALWAYS = 0xff;

  /** The field's type is gone from the canonical layer, so that nothing of it can be kept. */
  static final int ANY = 0;

  /** As an ALWAYS field's bit: where the layer cannot express the field, the whole is left out. */
  static final int VITAL = 1;

  /** Why a layer writes the shape. The order is that of the wire tables. */
  enum Use {
    /** The same constructor, as it was. */
    OLDER,
    /** Chosen by hand to stand for a constructor that the layer lacks. */
    SUBSTITUTE,
    /** Found by rule, where the schema requires some value and the layer lacks this one. */
    LAST_RESORT
  }

  /** What a field is on the wire. The order is that of the wire tables. */
  enum Kind {
    FLAGS,
    TRUE,
    INT,
    LONG,
    DOUBLE,
    BOOL,
    STRING,
    BYTES,
    INT128,
    INT256,
    OBJECT,
    METHOD,
    INTS,
    LONGS,
    DOUBLES,
    STRINGS,
    BYTE_STRINGS,
    OBJECTS
  }

  /**
   * One field.
   *
   * @param word for FLAGS its number among the constructor's flag words; else the word that tells
   *     whether the field is there, or ALWAYS
   * @param bit the bit of that word; for an ALWAYS field VITAL or 0
   * @param component the component's number, or NONE
   * @param type for objects the number of their type in {@link Registry}, or ANY; for an INT that
   *     is no component the value to write
   * @param conversion how field and component are made of each other
   */
  record Op(Kind kind, int word, int bit, int component, int type, Conversion conversion) {
    @Nullable Object valueIn(Fields record) {
      if (component == NONE) {
        return null;
      }
      Object value = record.field(component);
      return value == null || conversion == Conversion.NONE ? value : conversion.older(value);
    }

    boolean isVital() {
      return word == ALWAYS && bit == VITAL;
    }

    private boolean isPresent(@Nullable Object value, TlWriter out) {
      return switch (kind) {
        case TRUE -> Boolean.TRUE.equals(value);
        case OBJECT -> out.has((TlObject) value);
        default -> value != null;
      };
    }

    private boolean isSayable(@Nullable Object value, TlWriter out) {
      return isVital() ? out.has((TlObject) value) : value != null;
    }

    @SuppressWarnings({
      "unchecked",
      "NullAway"
    }) // the wire tables match a component's type with the kind
    void write(@Nullable Object value, TlWriter out) {
      switch (kind) {
        case FLAGS, TRUE -> {}
        case INT -> out.writeInt(value != null ? (Integer) value : component == NONE ? type : 0);
        case LONG -> out.writeLong(value == null ? 0 : (Long) value);
        case DOUBLE -> out.writeDouble(value == null ? 0 : (Double) value);
        case BOOL -> out.writeBool(Boolean.TRUE.equals(value));
        case STRING -> out.writeString(value == null ? "" : (String) value);
        case BYTES -> out.writeBytes(value == null ? new byte[0] : (byte[]) value);
        case INT128 -> out.writeFixed(value == null ? new byte[16] : (byte[]) value, 16);
        case INT256 -> out.writeFixed(value == null ? new byte[32] : (byte[]) value, 32);
        case OBJECT, METHOD ->
            out.writeObject(isSayable(value, out) ? (TlObject) value : Registry.empty(type));
        case INTS -> out.writeInts(value == null ? List.of() : (List<Integer>) value);
        case LONGS -> out.writeLongs(value == null ? List.of() : (List<Long>) value);
        case DOUBLES -> out.writeDoubles(value == null ? List.of() : (List<Double>) value);
        case STRINGS -> out.writeStrings(value == null ? List.of() : (List<String>) value);
        case BYTE_STRINGS -> out.writeByteStrings(value == null ? List.of() : (List<byte[]>) value);
        case OBJECTS -> out.writeObjects(value == null ? List.of() : (List<TlObject>) value);
      }
    }

    private TlObject readObject(TlReader in) {
      return type == ANY ? Tl.skip(in) : Registry.readType(type, in);
    }

    private Object read(TlReader in) {
      return switch (kind) {
        case FLAGS, INT -> in.readInt();
        case TRUE -> true;
        case LONG -> in.readLong();
        case DOUBLE -> in.readDouble();
        case BOOL -> in.readBool();
        case STRING -> in.readString();
        case BYTES -> in.readBytes();
        case INT128 -> in.readRaw(16);
        case INT256 -> in.readRaw(32);
        case OBJECT -> readObject(in);
        case METHOD -> in.readMethod();
        case INTS -> in.readInts();
        case LONGS -> in.readLongs();
        case DOUBLES -> in.readDoubles();
        case STRINGS -> in.readStrings();
        case BYTE_STRINGS -> in.readByteStrings();
        case OBJECTS -> in.readVector(this::readObject);
      };
    }
  }

  /**
   * A layer's answer to a method whose canonical answer is of another type.
   *
   * @param wholeId the canonical answer of which a component is what the layer wants; 0 if none is
   * @param least what is written for any other answer: the least value of the layer's own type
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(int wholeId, Op op, byte[] least) {
    void write(Object result, TlWriter out) {
      if (result instanceof Fields whole && whole.constructorId() == wholeId) {
        op.write(op.valueIn(whole), out);
      } else {
        out.writeRaw(least);
      }
    }
  }

  /** The most flag words that a constructor has had. */
  private static final int MAX_WORDS = 4;

  void write(Fields record, TlWriter out) {
    int[] flags = new int[MAX_WORDS];
    @Nullable Object[] values = new @Nullable Object[ops.length];
    for (int i = 0; i < ops.length; i++) {
      Op op = ops[i];
      values[i] = op.valueIn(record);
      if (op.word != ALWAYS && op.kind != Kind.FLAGS && op.isPresent(values[i], out)) {
        flags[op.word] |= 1 << op.bit;
      }
    }
    out.writeInt(wireId);
    for (int i = 0; i < ops.length; i++) {
      Op op = ops[i];
      if (op.kind == Kind.FLAGS) {
        out.writeInt(flags[op.word]);
      } else if (op.word == ALWAYS || (flags[op.word] & 1 << op.bit) != 0) {
        op.write(values[i], out);
      }
    }
  }

  /** Whether the layer can say the record: all of it that matters, itself or by a substitute. */
  boolean expresses(Fields record, Layer layer) {
    if (use == Use.LAST_RESORT) {
      return false;
    }
    for (Op op : ops) {
      if (op.isVital() && op.valueIn(record) instanceof TlObject part && !layer.expresses(part)) {
        return false;
      }
    }
    return true;
  }

  /** Reads the fields after the id. */
  TlObject read(TlReader in) {
    int[] flags = new int[MAX_WORDS];
    @Nullable Object[] values = new @Nullable Object[components];
    for (Op op : ops) {
      if (op.kind == Kind.FLAGS) {
        flags[op.word] = in.readInt();
      } else if (op.word == ALWAYS || (flags[op.word] & 1 << op.bit) != 0) {
        Object value = op.read(in);
        if (op.component != NONE) {
          values[op.component] = op.conversion.canonical(values[op.component], value);
        }
      }
    }
    return canonicalId == 0 ? new Skipped(wireId) : Registry.build(canonicalId, values);
  }

  /** What has been read over: no canonical type has a place for it. */
  record Skipped(int constructorId) implements TlObject {
    @Override
    public void write(TlWriter out) {
      throw new IllegalStateException("a skipped object has no bytes");
    }
  }
}

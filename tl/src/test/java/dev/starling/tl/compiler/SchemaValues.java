package dev.starling.tl.compiler;

import dev.starling.tl.Layer;
import dev.starling.tl.TlReader;
import dev.starling.tl.TlWriter;
import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Flag;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Values of a schema, made, written and read by walking the schema itself: a second, slow
 * implementation that generated code and wire tables are held against.
 */
final class SchemaValues {
  /** Below this depth values are the least of their types, so that they stay small. */
  private static final int GROWN_DEPTH = 3;

  private static final String[] TEXTS = {
    "", "a", "Привет", "🐦 starling", "x".repeat(253), "y".repeat(254), "z".repeat(700)
  };

  /**
   * A constructor or method with its fields by the schema's names; what is absent is not in the
   * map.
   */
  record Value(Definition definition, Map<String, Object> fields) {}

  private final Model model;
  private final Map<Integer, Definition> constructors = new HashMap<>();
  private final Map<Integer, Definition> methods = new HashMap<>();
  private final Definition plainMethod;
  private final int longBits;
  private final Set<Definition> used = new HashSet<>();
  private RandomGenerator random = new Random(0);

  /**
   * Values of one schema.
   *
   * @param longBits how many bits longs have; JavaScript's numbers hold 53
   */
  SchemaValues(Schema schema, int longBits) {
    this.model = new Model("layer " + schema.layer(), schema);
    this.longBits = longBits;
    for (Definition definition : schema.definitions()) {
      (definition.isMethod() ? methods : constructors).put(definition.id(), definition);
    }
    plainMethod =
        schema.definitions().stream()
            .filter(d -> d.isMethod() && !d.isGeneric())
            .findFirst()
            .orElse(schema.definitions().getFirst());
  }

  /** The definitions that the last value contains. */
  Set<Definition> used() {
    return used;
  }

  /** A value of this constructor or method; the same for the same seed. */
  Value random(Definition definition, long seed) {
    random = new Random(definition.id() * 31L + seed);
    used.clear();
    return grow(definition, 0);
  }

  private Value grow(Definition definition, int depth) {
    used.add(definition);
    var fields = new LinkedHashMap<String, Object>();
    var flags = new HashMap<Flag, Boolean>();
    for (Param param : definition.components()) {
      boolean isThere =
          param.flag() == null
              || flags.computeIfAbsent(
                  param.flag(), _ -> random.nextInt(2 + 3 * depth) == 0 && depth < GROWN_DEPTH);
      if (isThere) {
        // mtcute leaves an optional vector out where it is empty, so none is.
        fields.put(param.name(), grow(param.type(), depth, param.flag() == null ? 0 : 1));
      }
    }
    return new Value(definition, fields);
  }

  private Object grow(TypeRef type, int depth, int least) {
    if (type.vector()) {
      var values = new ArrayList<Object>();
      for (int left = depth < GROWN_DEPTH ? least + random.nextInt(3) : least; left > 0; left--) {
        values.add(grow(TypeRef.of(type.name()), depth, 0));
      }
      return values;
    }
    return switch (type.name()) {
      case "true" -> true;
      case "int" -> random.nextInt();
      case "long" -> random.nextLong() >> (64 - longBits);
      case "double" -> random.nextDouble() * 1000;
      case "Bool" -> random.nextBoolean();
      case "string" -> TEXTS[random.nextInt(depth < GROWN_DEPTH ? TEXTS.length : 3)];
      case "bytes" -> bytes(random.nextInt(300));
      case "int128" -> bytes(16);
      case "int256" -> bytes(32);
      case "!X" -> grow(plainMethod, depth + 1);
      default -> grow(constructor(type.name(), depth), depth + 1);
    };
  }

  private Definition constructor(String type, int depth) {
    List<Definition> several = model.types().get(type);
    if (several == null) {
      return model.constructor(type);
    }
    return depth < GROWN_DEPTH ? several.get(random.nextInt(several.size())) : model.least(type);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] encode(Value value) {
    var out = new TlWriter(Layer.NEWEST);
    write(out, value, false);
    return out.toByteArray();
  }

  private static void write(TlWriter out, Value value, boolean bare) {
    if (!bare) {
      out.writeInt(value.definition.id());
    }
    for (Param param : value.definition.params()) {
      if (param.isFlags()) {
        out.writeInt(flags(value, param.name()));
      } else if (!param.isTrue() && value.fields.containsKey(param.name())) {
        write(out, param.type(), value.fields.get(param.name()));
      }
    }
  }

  private static int flags(Value value, String word) {
    int flags = 0;
    for (Param param : value.definition.params()) {
      if (param.flag() != null
          && param.flag().word().equals(word)
          && value.fields.containsKey(param.name())) {
        flags |= 1 << param.flag().bit();
      }
    }
    return flags;
  }

  private static void write(TlWriter out, TypeRef type, Object value) {
    if (value instanceof List<?> values) {
      if (!type.bare()) {
        out.writeInt(0x1cb5c415);
      }
      out.writeInt(values.size());
      values.forEach(element -> write(out, new TypeRef(type.name(), false, type.bare()), element));
      return;
    }
    switch (value) {
      case Integer i -> out.writeInt(i);
      case Long l -> out.writeLong(l);
      case Double d -> out.writeDouble(d);
      case Boolean b -> out.writeBool(b);
      case String s -> out.writeString(s);
      case byte[] b when type.name().equals("bytes") -> out.writeBytes(b);
      case byte[] b -> out.writeRaw(b);
      case Value v -> write(out, v, type.bare());
      default -> throw new AssertionError(value);
    }
  }

  /** Reads over a boxed object of any type, or a method; answers its definition. */
  Definition walk(TlReader in) {
    int id = in.readInt();
    Definition constructor = constructors.get(id);
    Definition definition = constructor != null ? constructor : methods.get(id);
    if (definition == null) {
      throw new AssertionError("this layer has no " + Integer.toHexString(id));
    }
    walkFields(in, definition);
    return definition;
  }

  private void walkFields(TlReader in, Definition definition) {
    var words = new HashMap<String, Integer>();
    for (Param param : definition.params()) {
      Flag flag = param.flag();
      if (param.isFlags()) {
        words.put(param.name(), in.readInt());
      } else if (flag == null || (words.getOrDefault(flag.word(), 0) & 1 << flag.bit()) != 0) {
        walk(in, param.type());
      }
    }
  }

  /** Reads over a value of this type. */
  void walk(TlReader in, TypeRef type) {
    if (type.vector()) {
      if (!type.bare() && in.readInt() != 0x1cb5c415) {
        throw new AssertionError("no vector");
      }
      for (int left = in.readInt(); left > 0; left--) {
        walk(in, new TypeRef(type.name(), false, type.bare()));
      }
      return;
    }
    switch (type.name()) {
      case "true" -> {}
      case "int" -> in.readInt();
      case "long", "double" -> in.readLong();
      case "Bool" -> in.readBool();
      case "string", "bytes" -> in.readBytes();
      case "int128" -> in.readRaw(16);
      case "int256" -> in.readRaw(32);
      case "!X", "X" -> walk(in);
      default -> walkObject(in, type);
    }
  }

  private void walkObject(TlReader in, TypeRef type) {
    if (type.bare()) {
      walkFields(in, model.constructor(type.name()));
      return;
    }
    Definition found = walk(in);
    if (!found.result().equals(type)) {
      throw new AssertionError(found.name() + " in the place of " + type.name());
    }
  }
}

package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Adapters.Conversion;
import dev.starling.tl.compiler.Adapters.Match;
import dev.starling.tl.compiler.Gaps.Gap;
import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what differs between the canonical layer and each older one; {@code WireTableFile} writes
 * it down.
 */
final class WireTable {
  static final int NONE = 0xffff;
  static final int ALWAYS = 0xff;
  static final int CANONICAL = 0xffff;

  /** As an ALWAYS field's bit: where the layer cannot express the field, the whole is left out. */
  static final int VITAL = 1;

  /** As dev.starling.tl.Shape.Use, in its order. */
  enum Use {
    OLDER,
    SUBSTITUTE,
    LAST_RESORT
  }

  /** As dev.starling.tl.Shape.Kind, in its order. */
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
    OBJECTS;

    static Kind of(TypeRef type) {
      return switch (type.name()) {
        case "#" -> FLAGS;
        case "true" -> TRUE;
        case "int" -> type.vector() ? INTS : INT;
        case "long" -> type.vector() ? LONGS : LONG;
        case "double" -> type.vector() ? DOUBLES : DOUBLE;
        case "string" -> type.vector() ? STRINGS : STRING;
        case "bytes" -> type.vector() ? BYTE_STRINGS : BYTES;
        case "Bool" -> single(type, BOOL);
        case "int128" -> single(type, INT128);
        case "int256" -> single(type, INT256);
        case "!X" -> single(type, METHOD);
        default -> type.vector() ? OBJECTS : OBJECT;
      };
    }

    private static Kind single(TypeRef type, Kind kind) {
      if (type.vector()) {
        throw new SchemaException("wire tables have no kind for a vector of " + type.name());
      }
      return kind;
    }
  }

  record Op(Kind kind, int word, int bit, int component, int type, Conversion conversion) {}

  record Shape(int wireId, int canonicalId, int components, Use use, List<Op> ops) {}

  /**
   * A layer's answer to a method whose canonical answer is of another type.
   *
   * @param wholeId the canonical answer of which a component is what the layer wants; 0 if none is
   * @param least the least value of the layer's own type, in hex
   */
  record Part(int wholeId, Op op, String least) {}

  /** The operation of an answer that has no part of its own. */
  private static final Op NO_OP = new Op(Kind.FLAGS, 0, 0, NONE, 0, Conversion.NONE);

  private final Model canonical;
  private final Map<String, Integer> typeNumbers;
  private final List<Integer> layers = new ArrayList<>();
  private final Numbered<Shape> shapes = new Numbered<>();
  private final Numbered<Part> parts = new Numbered<>();
  private final Gaps gaps = new Gaps();
  private final Map<Integer, Integer> lacking = new HashMap<>();
  private final Set<Integer> reached = new HashSet<>();

  /**
   * Distinct entries in the order in which they came, and which of them each id has in each layer.
   */
  static final class Numbered<T> {
    final Map<T, Integer> entries = new LinkedHashMap<>();
    final Map<Integer, TreeMap<Integer, Integer>> byId = new TreeMap<>();

    int number(T entry) {
      return entries.computeIfAbsent(entry, _ -> entries.size());
    }

    void put(int id, int layer, T entry) {
      byId.computeIfAbsent(id, _ -> new TreeMap<>()).put(layer, number(entry));
    }
  }

  /**
   * Compares.
   *
   * @param schemas oldest first; the last is the canonical one
   */
  WireTable(Model canonical, List<Schema> schemas) {
    this.canonical = canonical;
    this.typeNumbers = PackageSources.typeNumbers(canonical);
    schemas.forEach(schema -> layers.add(schema.layer()));
    // Newest first: where a shape of one id differs between layers, the reader takes the newest.
    for (Schema schema : schemas.reversed()) {
      compare(schema);
    }
  }

  List<Integer> layers() {
    return layers;
  }

  Numbered<Shape> shapes() {
    return shapes;
  }

  Numbered<Part> parts() {
    return parts;
  }

  /** Constructors and methods of the canonical layer. */
  int size() {
    return canonical.definitions().size();
  }

  /** How many of them the layer has in a shape of this use. */
  int count(int layer, Use use) {
    var all = List.copyOf(shapes.entries.keySet());
    return (int)
        shapes.byId.values().stream()
            .map(byLayer -> byLayer.get(layer))
            .filter(number -> number != null && all.get(number).use() == use)
            .count();
  }

  /** How many of them the layer has not. */
  int lacks(int layer) {
    return lacking.getOrDefault(layer, 0);
  }

  /** What is lost on the way to or from some layers. */
  Gaps gaps() {
    return gaps;
  }

  /** The records that wire tables take apart or put together. */
  Set<Integer> reached() {
    return reached;
  }

  private void compare(Schema schema) {
    var older = new OlderLayer(canonical, schema);
    var used = new HashSet<Integer>();
    for (Definition definition : canonical.definitions()) {
      Definition found = older.find(definition);
      if (found == null) {
        lacking.merge(schema.layer(), 1, Integer::sum);
        substitute(older, definition);
        continue;
      }
      used.add(found.id());
      Set<String> vital = older.vital(definition);
      if (found.id() != definition.id()) {
        noteLosses(schema.layer(), found, definition);
      }
      if (found.id() != definition.id() || !vital.isEmpty()) {
        put(schema.layer(), definition, shape(found, definition, Use.OLDER, vital));
      }
      if (definition.isMethod()) {
        adaptResult(older, definition, found);
      }
    }
    for (Definition gone : schema.definitions()) {
      if (!used.contains(gone.id())) {
        gaps.add(gone.isMethod() ? Gap.METHOD : Gap.CONSTRUCTOR, gone.name(), schema.layer());
        if (!gone.isMethod()) {
          shapes.number(shape(gone, null, Use.OLDER, Set.of()));
        }
      }
    }
  }

  private void noteLosses(int layer, Definition older, Definition target) {
    for (Param param : older.components()) {
      if (Adapters.match(target, param).component() == NONE && Adapters.constant(param) == 0) {
        gaps.add(Gap.FIELD, older.name() + "." + param.name(), layer);
      }
    }
  }

  private void put(int layer, Definition definition, Shape shape) {
    shapes.put(definition.id(), layer, shape);
    reached.add(definition.id());
  }

  private void substitute(OlderLayer older, Definition definition) {
    Definition chosen = older.substitute(definition);
    Definition lastResort = older.lastResort(definition);
    if (chosen != null) {
      put(older.layer(), definition, shape(chosen, definition, Use.SUBSTITUTE, Set.of()));
    } else if (lastResort != null) {
      put(older.layer(), definition, shape(lastResort, definition, Use.LAST_RESORT, Set.of()));
    }
  }

  private Shape shape(Definition older, @Nullable Definition target, Use use, Set<String> vital) {
    List<String> words = older.params().stream().filter(Param::isFlags).map(Param::name).toList();
    var ops = new ArrayList<Op>();
    for (Param param : older.params()) {
      Match match =
          target == null || param.isFlags() ? Adapters.NO_MATCH : Adapters.match(target, param);
      int word = ALWAYS;
      int bit = vital.contains(param.name()) ? VITAL : 0;
      if (param.isFlags()) {
        word = words.indexOf(param.name());
      } else if (param.flag() != null) {
        word = words.indexOf(param.flag().word());
        bit = param.flag().bit();
      }
      int type = typeNumbers.getOrDefault(param.type().name(), 0);
      if (match.component() == NONE && Kind.of(param.type()) == Kind.INT) {
        type = Adapters.constant(param);
      }
      if (type == 0 && target != null && isRequiredObject(param)) {
        throw new SchemaException("no value is left for " + older.name() + "." + param.name());
      }
      ops.add(
          new Op(Kind.of(param.type()), word, bit, match.component(), type, match.conversion()));
    }
    int canonicalId = target == null ? 0 : target.id();
    int components = target == null ? 0 : target.components().size();
    return new Shape(older.id(), canonicalId, components, use, ops);
  }

  private static boolean isRequiredObject(Param param) {
    return param.isRequired() && Kind.of(param.type()) == Kind.OBJECT;
  }

  /**
   * An answer that has since become a part of a larger one: createChat's Updates are now in
   * InvitedUsers.
   */
  private void adaptResult(OlderLayer layer, Definition method, Definition older) {
    TypeRef now = method.result();
    if (older.result().equals(now)) {
      return;
    }
    boolean isYes =
        older.result().name().equals("Bool") && !Adapters.ANSWERED_NO.contains(older.name());
    byte[] least = isYes ? LeastBytes.yes() : LeastBytes.of(layer.model(), older.result());
    Part part = new Part(0, NO_OP, HexFormat.of().formatHex(least));
    List<Definition> constructors =
        now.vector() ? List.of() : canonical.types().getOrDefault(now.name(), List.of());
    for (Definition whole : constructors) {
      for (int i = 0; i < whole.components().size(); i++) {
        if (whole.components().get(i).type().equals(older.result()) && !isYes) {
          int type = typeNumbers.getOrDefault(older.result().name(), 0);
          Op op = new Op(Kind.of(older.result()), ALWAYS, 0, i, type, Conversion.NONE);
          part = new Part(whole.id(), op, part.least());
          reached.add(whole.id());
        }
      }
    }
    parts.put(method.id(), layer.layer(), part);
    if (part.wholeId() == 0 && !isYes) {
      gaps.add(Gap.ANSWER, method.name(), layer.layer());
    }
  }
}

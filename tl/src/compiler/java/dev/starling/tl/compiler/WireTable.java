package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what differs between the canonical layer and each older one; {@code WireTableFile} writes
 * it down.
 */
final class WireTable {
  static final int NONE = 0xffff;
  static final int ALWAYS = 0xff;
  static final int CANONICAL = 0xffff;

  /**
   * What stands for a constructor that a layer lacks, by type, where it would be wrong to leave the
   * value out. Fields of the same name are kept.
   */
  private static final Map<String, String> SUBSTITUTES =
      Map.of(
          "MessageMedia", "messageMediaUnsupported",
          "MessageAction", "messageActionEmpty",
          "MessageEntity", "messageEntityUnknown",
          "PageBlock", "pageBlockUnsupported",
          "RichText", "textEmpty",
          "UserStatus", "userStatusEmpty",
          "EmojiStatus", "emojiStatusEmpty");

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

  record Op(Kind kind, int word, int bit, int component, int type) {}

  record Shape(int wireId, int canonicalId, int components, Use use, List<Op> ops) {}

  /** A layer's answer to a method that is one component of the canonical answer. */
  record Part(int wholeId, Op op) {}

  private final Model canonical;
  private final Map<String, Integer> typeNumbers;
  private final Map<Integer, Definition> canonicalById = new HashMap<>();
  private final List<Integer> layers = new ArrayList<>();
  private final Numbered<Shape> shapes = new Numbered<>();
  private final Numbered<Part> parts = new Numbered<>();
  private final Map<String, Set<Integer>> gaps = new TreeMap<>();
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
    canonical.definitions().forEach(definition -> canonicalById.put(definition.id(), definition));
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

  /** What is lost on the way to or from some layers: one line each. */
  List<String> gaps() {
    return gaps.entrySet().stream()
        .map(gap -> gap.getKey() + " (layers " + gap.getValue() + ")")
        .toList();
  }

  /** The records that wire tables take apart or put together. */
  Set<Integer> reached() {
    return reached;
  }

  private void compare(Schema schema) {
    var model = new Model("layer " + schema.layer(), schema);
    var byId = new HashMap<Integer, Definition>();
    var byName = new HashMap<String, Definition>();
    for (Definition definition : schema.definitions()) {
      byId.put(definition.id(), definition);
      byName.put(definition.name(), definition);
    }
    var used = new HashSet<Integer>();
    for (Definition definition : canonical.definitions()) {
      Definition same = byId.get(definition.id());
      Definition older = same != null ? same : byName.get(definition.name());
      if (older == null) {
        substitute(schema.layer(), model, definition);
        continue;
      }
      used.add(older.id());
      if (same == null) {
        noteLosses(schema.layer(), older, definition);
        put(schema.layer(), definition, shape(older, definition, Use.OLDER));
      }
      if (definition.isMethod()) {
        adaptResult(schema.layer(), definition, older);
      }
    }
    for (Definition gone : schema.definitions()) {
      if (!used.contains(gone.id())) {
        gap(schema.layer(), gone.name() + " is gone");
        if (!gone.isMethod()) {
          shapes.number(shape(gone, null, Use.OLDER));
        }
      }
    }
  }

  private void noteLosses(int layer, Definition older, Definition target) {
    for (Param param : older.components()) {
      if (component(target, param) == NONE) {
        gap(layer, older.name() + " had " + param.name() + ":" + TlText.print(param.type()));
      }
    }
  }

  private void put(int layer, Definition definition, Shape shape) {
    shapes.put(definition.id(), layer, shape);
    reached.add(definition.id());
  }

  private void substitute(int layer, Model model, Definition definition) {
    String type = definition.result().name();
    if (definition.isMethod() || !model.hasType(type)) {
      return; // No answer in that layer has a place for it.
    }
    String chosen = SUBSTITUTES.getOrDefault(type, "");
    if (model.has(chosen)) {
      put(layer, definition, shape(model.constructor(chosen), definition, Use.SUBSTITUTE));
    } else {
      put(layer, definition, shape(model.least(type), definition, Use.LAST_RESORT));
    }
  }

  private Shape shape(Definition older, @Nullable Definition target, Use use) {
    List<String> words = older.params().stream().filter(Param::isFlags).map(Param::name).toList();
    var ops = new ArrayList<Op>();
    for (Param param : older.params()) {
      int component = target == null || param.isFlags() ? NONE : component(target, param);
      int word = ALWAYS;
      int bit = 0;
      if (param.isFlags()) {
        word = words.indexOf(param.name());
      } else if (param.flag() != null) {
        word = words.indexOf(param.flag().word());
        bit = param.flag().bit();
      }
      ops.add(
          new Op(
              Kind.of(param.type()),
              word,
              bit,
              component,
              typeNumbers.getOrDefault(param.type().name(), 0)));
    }
    int canonicalId = target == null ? 0 : target.id();
    int components = target == null ? 0 : target.components().size();
    return new Shape(older.id(), canonicalId, components, use, ops);
  }

  /** The component of the same name, if its values are of the same kind. */
  private static int component(Definition target, Param param) {
    List<Param> components = target.components();
    for (int i = 0; i < components.size(); i++) {
      Param candidate = components.get(i);
      if (Names.component(candidate.name()).equals(Names.component(param.name()))) {
        return isSameValue(candidate.type(), param.type()) ? i : NONE;
      }
    }
    return NONE;
  }

  private static boolean isSameValue(TypeRef a, TypeRef b) {
    Function<TypeRef, TypeRef> plain =
        type -> type.name().equals("true") ? TypeRef.of("Bool") : type;
    return plain.apply(a).equals(plain.apply(b));
  }

  /**
   * An answer that has since become a part of a larger one: createChat's Updates are now in
   * InvitedUsers.
   */
  private void adaptResult(int layer, Definition method, Definition older) {
    TypeRef now = method.result();
    if (older.result().equals(now)) {
      return;
    }
    List<Definition> constructors =
        now.vector() ? List.of() : canonical.types().getOrDefault(now.name(), List.of());
    for (Definition whole : constructors) {
      for (int i = 0; i < whole.components().size(); i++) {
        if (whole.components().get(i).type().equals(older.result())) {
          int type = typeNumbers.getOrDefault(older.result().name(), 0);
          Op op = new Op(Kind.of(older.result()), ALWAYS, 0, i, type);
          parts.put(method.id(), layer, new Part(whole.id(), op));
          reached.add(whole.id());
          return;
        }
      }
    }
    gap(
        layer,
        method.name() + " answered " + TlText.print(older.result()) + ", now " + TlText.print(now));
  }

  private void gap(int layer, String what) {
    gaps.computeIfAbsent(what, _ -> new TreeSet<>()).add(layer);
  }
}

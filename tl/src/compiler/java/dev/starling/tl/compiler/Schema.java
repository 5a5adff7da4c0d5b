package dev.starling.tl.compiler;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A TL schema, whichever file format it came in. */
record Schema(int layer, List<Definition> definitions) {
  /** Types that are not defined by constructors of the schema. */
  static final Set<String> BUILT_IN =
      Set.of(
          "#", "true", "Bool", "int", "long", "double", "string", "bytes", "int128", "int256",
          "!X");

  /** A constructor, or a method. */
  record Definition(boolean isMethod, String name, int id, List<Param> params, TypeRef result) {
    List<Param> components() {
      return params.stream().filter(p -> !p.isFlags()).toList();
    }

    boolean isGeneric() {
      return params.stream().anyMatch(p -> p.type().name().equals("!X"));
    }
  }

  /** A field. */
  record Param(String name, @Nullable Flag flag, TypeRef type) {
    boolean isFlags() {
      return type.name().equals("#");
    }

    boolean isTrue() {
      return type.name().equals("true");
    }

    /** It may be absent, and null says so; a {@code true} is never null. */
    boolean isNullable() {
      return flag != null && !isTrue();
    }

    boolean isRequired() {
      return flag == null && !isFlags();
    }
  }

  /** The condition of an optional field: a bit of one of the constructor's flag words. */
  record Flag(String word, int bit) {}

  /**
   * A type as a field or an answer uses it.
   *
   * @param bare for a vector, that neither it nor its elements carry constructor ids; name is then
   *     the constructor's
   */
  record TypeRef(String name, boolean vector, boolean bare) {
    static TypeRef of(String name) {
      return new TypeRef(name, false, false);
    }

    static TypeRef vectorOf(String name) {
      return new TypeRef(name, true, false);
    }
  }
}

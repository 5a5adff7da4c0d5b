package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;

/**
 * How a TL type is declared, read, written and left empty in Java; {@code tl} is the reader or
 * writer at hand.
 */
record JavaTypes(Model model) {
  /** As the element of a list, or as an answer. */
  String boxed(TypeRef type) {
    if (type.vector()) {
      return "List<" + boxed(TypeRef.of(type.name())) + ">";
    }
    return switch (type.name()) {
      case "int" -> "Integer";
      case "long" -> "Long";
      case "double" -> "Double";
      case "Bool", "true" -> "Boolean";
      case "string" -> "String";
      case "bytes", "int128", "int256" -> "byte[]";
      case "!X" -> "TlMethod<X>";
      case "X" -> "X";
      default -> object(type.name());
    };
  }

  private String object(String name) {
    return model.hasType(name) ? model.javaName(name) : Names.type(model.constructor(name).name());
  }

  /** As a record component, with its {@code @Nullable}. */
  String declared(Param param) {
    String boxed = boxed(param.type());
    if (!param.isNullable()) {
      return param.type().vector() ? boxed : unboxed(boxed);
    }
    // A type annotation before the brackets would speak of the bytes, not of the array.
    return boxed.equals("byte[]") ? "byte @Nullable []" : "@Nullable " + boxed;
  }

  private static String unboxed(String boxed) {
    return switch (boxed) {
      case "Integer" -> "int";
      case "Long" -> "long";
      case "Double" -> "double";
      case "Boolean" -> "boolean";
      default -> boxed;
    };
  }

  /** The expression that reads a value. */
  String read(TypeRef type) {
    if (type.bare()) {
      return "tl.readBareVector(" + boxed(TypeRef.of(type.name())) + "::readFields)";
    }
    if (type.vector() && !Model.isPrimitive(type)) {
      return "tl.readVector(" + boxed(TypeRef.of(type.name())) + "::read)";
    }
    if (type.vector()) {
      return "tl.read" + suffix(type) + "()";
    }
    return switch (type.name()) {
      case "int128" -> "tl.readRaw(16)";
      case "int256" -> "tl.readRaw(32)";
      case "!X" -> "tl.readMethod()";
      case "X" -> "query.readResult(tl)";
      default ->
          Model.isPrimitive(type) ? "tl.read" + suffix(type) + "()" : boxed(type) + ".read(tl)";
    };
  }

  /** The statement that writes the value of an expression. */
  String write(TypeRef type, String value) {
    if (type.bare()) {
      return "tl.writeBareVector(" + value + ", (to, element) -> element.writeFields(to));";
    }
    return switch (type.vector() ? "" : type.name()) {
      case "int128" -> "tl.writeFixed(" + value + ", 16);";
      case "int256" -> "tl.writeFixed(" + value + ", 32);";
      case "X" -> "query.writeResult(tl, " + value + ");";
      default -> "tl.write" + suffix(type) + "(" + value + ");";
    };
  }

  private static String suffix(TypeRef type) {
    String plain =
        switch (type.name()) {
          case "int" -> "Int";
          case "long" -> "Long";
          case "double" -> "Double";
          case "Bool" -> "Bool";
          case "string" -> "String";
          case "bytes" -> type.vector() ? "ByteString" : "Bytes";
          default -> "Object";
        };
    return type.vector() ? plain + "s" : plain;
  }

  /** The least value of a type. */
  String empty(TypeRef type) {
    if (type.vector()) {
      return "List.of()";
    }
    return switch (type.name()) {
      case "int" -> "0";
      case "long" -> "0L";
      case "double" -> "0.0";
      case "Bool", "true" -> "false";
      case "string" -> "\"\"";
      case "bytes" -> "new byte[0]";
      case "int128" -> "new byte[16]";
      case "int256" -> "new byte[32]";
      case "X" -> "query.emptyResult()";
      case "!X" -> throw new SchemaException("no call is the least of calls");
      default -> emptyObject(type.name());
    };
  }

  private String emptyObject(String name) {
    return Names.type(model.least(name).name()) + ".empty()";
  }

  /** The name of a record with its type parameter, if the definition has one. */
  static String recordType(Definition definition, String argument) {
    return Names.type(definition.name()) + (definition.isGeneric() ? "<" + argument + ">" : "");
  }
}

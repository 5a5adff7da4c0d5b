package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The least value of a type of some layer, as bytes of that layer: the types may be gone since. */
final class LeastBytes {
  private static final int VECTOR = 0x1cb5c415;
  private static final int TRUE = 0x997275b5;
  private static final int FALSE = 0xbc799737;

  /** Far more than the least of any type takes. */
  private static final int MAX = 1024;

  private final Model model;
  private final ByteBuffer out = ByteBuffer.allocate(MAX).order(ByteOrder.LITTLE_ENDIAN);

  private LeastBytes(Model model) {
    this.model = model;
  }

  static byte[] of(Model model, TypeRef type) {
    var bytes = new LeastBytes(model);
    bytes.put(type);
    return Arrays.copyOf(bytes.out.array(), bytes.out.position());
  }

  static byte[] yes() {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(TRUE).array();
  }

  private void put(TypeRef type) {
    if (type.vector()) {
      out.putInt(VECTOR).putInt(0);
      return;
    }
    switch (type.name()) {
      case "int", "#", "string", "bytes" -> out.putInt(0);
      case "Bool" -> out.putInt(FALSE);
      case "long", "double" -> out.putLong(0);
      case "int128" -> out.put(new byte[16]);
      case "int256" -> out.put(new byte[32]);
      default -> put(model.least(type.name()));
    }
  }

  private void put(Definition definition) {
    out.putInt(definition.id());
    for (Param param : definition.params()) {
      if (param.flag() == null) {
        put(param.type());
      }
    }
  }
}

package dev.starling.tl.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schemas of the build, for tests. */
final class Schemas {
  static final List<Schema> API;
  static final Schema MTPROTO;
  static final Schema ROWS;

  static {
    try {
      var sources = new Sources(Path.of("schema"), Path.of("src/main/tl"));
      API = sources.api();
      MTPROTO = sources.mtproto();
      ROWS = new Schema(0, TlText.parse(Files.readString(Path.of("src/main/tl/row.tl"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Schemas() {}

  static Schema of(int layer) {
    return API.stream().filter(schema -> schema.layer() == layer).findFirst().orElseThrow();
  }

  static Schema newest() {
    return API.getLast();
  }
}

package dev.starling.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as text, for tests. */
final class Text {
  private Text() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "-" : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** {@code a=1 b=2}. */
  static String text(List<Row> rows) {
    return String.join(
        " ", rows.stream().map(row -> text(row.key()) + "=" + text(row.value())).toList());
  }
}

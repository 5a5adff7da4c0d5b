package dev.starling.tl.compiler;

import java.io.Serial;

/** A schema, or the fetching of it, is not as it should be; the message says so in one line. */
final class SchemaException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  SchemaException(String message) {
    super(message);
  }
}

package dev.starling.app;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON objects as maps: what the command line prints and the admin socket carries. */
final class Json {
  private Json() {}

  /** An object of alternating names and values, which keep their order. */
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return object;
  }

  /** On one line. */
  static String write(Map<String, Object> object) {
    try {
      return JSON.std.asString(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws Problem if the text is no JSON object
   */
  static Map<String, Object> read(String text) {
    try {
      if (JSON.std.anyFrom(text) instanceof Map<?, ?> map) {
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((name, value) -> object.put((String) name, value));
        return object;
      }
    } catch (IOException _) {
      // Not JSON at all.
    }
    throw new Problem("that is no JSON object");
  }
}

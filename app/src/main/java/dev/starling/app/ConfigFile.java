package dev.starling.app;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file: {@code key = value} a line; blank lines and those that begin with # say
 * nothing. A value is the rest of its line as it stands, without quotes.
 *
 * @param values by key; only of keys that there are, each within its range
 * @param faults what is wrong, each {@code file:line: ...}
 */
record ConfigFile(Map<String, String> values, List<String> faults) {
  /** A hundred times the whole manual: what is longer is another file. */
  private static final long BYTES_MAX = 1 << 20;

  /** Reads a server's file; one that is not there says nothing. */
  static ConfigFile read(Path file) {
    return read(file, ServerSettings.ALL);
  }

  /** Reads a file in which these may be set; one that is not there says nothing. */
  static ConfigFile read(Path file, List<Setting<?>> settings) {
    if (Files.notExists(file)) {
      return new ConfigFile(Map.of(), List.of());
    }
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new Problem(file + " is no configuration, it is too long: put the right file there");
      }
      return parse(file.toString(), Files.readAllLines(file), settings);
    } catch (MalformedInputException e) {
      throw new Problem(file + " is no text in UTF-8: save it as such", e);
    } catch (IOException e) {
      throw new Problem(
          "cannot read %s (%s): make it readable, or remove it to have the defaults"
              .formatted(file, DataFolder.reason(e)),
          e);
    }
  }

  /**
   * Takes the lines of a file.
   *
   * @param name how faults call it
   */
  static ConfigFile parse(String name, List<String> lines) {
    return parse(name, lines, ServerSettings.ALL);
  }

  private static ConfigFile parse(String name, List<String> lines, List<Setting<?>> settings) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, Integer> places = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      String key = line.substring(0, Math.max(equals, 0)).strip();
      String value = line.substring(equals + 1).strip();
      String fault =
          equals < 0 ? "a line is KEY = VALUE" : fault(key, value, places.get(key), settings);
      if (fault == null) {
        values.put(key, value);
        places.put(key, i + 1);
      } else {
        faults.add("%s:%d: %s".formatted(name, i + 1, fault));
      }
    }
    return new ConfigFile(values, faults);
  }

  private static @Nullable String fault(
      String key, String value, @Nullable Integer before, List<Setting<?>> settings) {
    Setting<?> setting = find(key, settings);
    if (setting == null) {
      return "there is no key '%s', did you mean %s? The verb config shows all"
          .formatted(Harmless.line(key), nearest(key, settings));
    }
    if (before != null) {
      return "%s was set in line %d already: keep one of them".formatted(key, before);
    }
    try {
      Objects.requireNonNull(setting.value(value));
      return null;
    } catch (Problem e) {
      return e.getMessage();
    }
  }

  private static @Nullable Setting<?> find(String key, List<Setting<?>> settings) {
    return settings.stream().filter(setting -> setting.key().equals(key)).findFirst().orElse(null);
  }

  private static String nearest(String key, List<Setting<?>> settings) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (Setting<?> setting : settings) {
      int distance = Spelling.distance(key, setting.key());
      if (distance < least) {
        least = distance;
        nearest = setting.key();
      }
    }
    return nearest;
  }
}

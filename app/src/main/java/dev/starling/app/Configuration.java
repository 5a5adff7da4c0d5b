package dev.starling.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is in force: flags before the file before the defaults. */
final class Configuration {
  private static final int COLUMNS = 96;

  private final Map<String, String> values;
  private final List<Setting<?>> settings;

  private Configuration(Map<String, String> values, List<Setting<?>> settings) {
    this.values = values;
    this.settings = settings;
  }

  /**
   * What the file of {@code data} and some flags say together.
   *
   * @param flags by key, each within its range
   * @throws Problem the first thing that is wrong in the file
   */
  static Configuration read(DataFolder data, Map<String, String> flags) {
    return read(data.config(), ServerSettings.ALL, flags);
  }

  /** What a file and some flags say together, where these may be set. */
  static Configuration read(Path path, List<Setting<?>> settings, Map<String, String> flags) {
    ConfigFile file = ConfigFile.read(path, settings);
    if (!file.faults().isEmpty()) {
      throw new Problem(file.faults().getFirst());
    }
    Map<String, String> values = new LinkedHashMap<>(file.values());
    values.putAll(flags);
    return new Configuration(values, settings);
  }

  /** As {@link #read} without a file. */
  static Configuration of(Map<String, String> flags) {
    return new Configuration(Map.copyOf(flags), ServerSettings.ALL);
  }

  <T> T get(Setting<T> setting) {
    return setting.value(text(setting));
  }

  private String text(Setting<?> setting) {
    return values.getOrDefault(setting.key(), setting.fallback());
  }

  /** All values in force, by key. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    settings.forEach(setting -> json.put(setting.key(), text(setting)));
    return json;
  }

  /**
   * The manual, which is a configuration file that says the same: defaults stand behind a #, so
   * that a newer Starling's defaults come into force.
   */
  String manual() {
    StringBuilder manual = new StringBuilder();
    manual.append(
        """
        # Starling's configuration: KEY = VALUE a line. Every key may be left out, and each is a flag
        # of `starling up` too (--listen 0.0.0.0:443), which comes before what stands here.
        # It is read when the server starts.
        """);
    for (Setting<?> setting : settings) {
      manual.append('\n').append(wrapped(setting.about()));
      manual.append(wrapped("Value: " + setting.range() + ". Default: " + fallback(setting)));
      String value = text(setting);
      boolean isDefault = value.equals(setting.fallback());
      manual.append((isDefault ? "#" : "") + setting.key() + " = " + value).append('\n');
    }
    return manual.toString();
  }

  private static String fallback(Setting<?> setting) {
    return (setting.fallback().isEmpty() ? "nothing" : setting.fallback()) + ".";
  }

  private static String wrapped(String text) {
    StringBuilder lines = new StringBuilder("#");
    int column = 1;
    for (String word : text.split(" ", -1)) {
      if (column + 1 + word.length() > COLUMNS) {
        lines.append("\n#");
        column = 1;
      }
      lines.append(' ').append(word);
      column += 1 + word.length();
    }
    return lines.append('\n').toString();
  }
}

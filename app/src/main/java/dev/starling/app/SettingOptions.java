package dev.starling.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** Every setting as a flag of a verb. */
final class SettingOptions {
  private final Map<String, String> given = new LinkedHashMap<>();

  /** The flags that were given, by key. */
  Map<String, String> given() {
    return given;
  }

  /** Gives a verb these flags. */
  static CommandLine on(CommandLine command, SettingOptions options) {
    return on(command, options, ServerSettings.ALL);
  }

  /** Gives a verb flags for these. */
  static CommandLine on(CommandLine command, SettingOptions options, List<Setting<?>> settings) {
    CommandSpec spec = command.getCommandSpec();
    for (Setting<?> setting : settings) {
      spec.addOption(
          OptionSpec.builder("--" + setting.key())
              .type(String.class)
              .paramLabel("VALUE")
              .description(setting.range() + ".")
              .converters(text -> checked(setting, text))
              .setter(options.setter(setting))
              .build());
    }
    return command;
  }

  private CommandLine.Model.ISetter setter(Setting<?> setting) {
    return new CommandLine.Model.ISetter() {
      @Override
      @SuppressWarnings("TypeParameterUnusedInFormals") // picocli's shape
      public <T> T set(T value) {
        if (value != null) {
          given.put(setting.key(), value.toString());
        } else {
          given.remove(setting.key());
        }
        return value;
      }
    };
  }

  private static String checked(Setting<?> setting, String text) {
    try {
      Objects.requireNonNull(setting.value(text));
      return text;
    } catch (Problem e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}

package dev.starling.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code config}: what may be set, and whether what is set is right. */
@Command(
    name = "config",
    description = "What may be set, and what is.",
    synopsisSubcommandLabel = "(print | check)")
final class ConfigCommand {

  @Command(
      name = "print",
      description = {
        "Print the whole configuration with the values in force: each key with what it is for, its",
        "range and default. It is the manual, and a file that can be saved as DIR/starling.conf."
      })
  static final class Print implements Runnable {
    private final Console console;
    private final SettingOptions settings;
    @Mixin private final DataOptions options = new DataOptions();

    Print(Console console, SettingOptions settings) {
      this.console = console;
      this.settings = settings;
    }

    @Override
    public void run() {
      Configuration inForce = Configuration.read(options.folder(), settings.given());
      console.print(options.json ? Json.write(inForce.json()) : inForce.manual().stripTrailing());
    }
  }

  @Command(name = "check", description = "Tell everything that is wrong in the file.")
  static final class Check implements Callable<Integer> {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    Check(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      DataFolder data = options.folder();
      ConfigFile file = ConfigFile.read(data.config());
      if (options.json) {
        console.print(Json.write(Json.object("values", file.values(), "faults", file.faults())));
      } else if (file.faults().isEmpty()) {
        console.print(
            "%s is right: %d of %d keys are set"
                .formatted(data.config(), file.values().size(), ServerSettings.ALL.size()));
      } else {
        file.faults().forEach(fault -> console.remark("starling: " + fault));
      }
      return file.faults().isEmpty() ? 0 : 1;
    }
  }
}

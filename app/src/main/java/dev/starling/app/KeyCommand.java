package dev.starling.app;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code key}: the data keys. Asks the running server; without one, opens its data itself. */
@Command(
    name = "key",
    description = "The keys that seal the rows on the disk.",
    synopsisSubcommandLabel = "(list | rotate)")
final class KeyCommand {

  @Command(name = "list", description = "Tell which keys are in use, and how far a rotation is.")
  static final class ListAll implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    ListAll(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      ask(console, options, "key.list");
    }
  }

  @Command(
      name = "rotate",
      description = {
        "Take a new key into use.",
        "The running server seals all rows anew in the background, then forgets the older keys:"
            + " keep a copy of the key file for each backup that you keep."
      })
  static final class Rotate implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    Rotate(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      ask(console, options, "key.rotate");
    }
  }

  private static void ask(Console console, DataOptions options, String command) {
    Map<String, Object> answer = Operators.with(options.folder(), Json.object("command", command));
    console.print(options.json ? Json.write(answer) : text(answer));
  }

  private static String text(Map<String, Object> answer) {
    String newest = "Rows are sealed with key %s".formatted(answer.get("newest"));
    if (!(answer.get("older") instanceof List<?> older) || older.isEmpty()) {
      return newest + ", all of them.";
    }
    Object trouble = answer.get("trouble");
    return "%s; some still with %s: this walk has seen %s rows and sealed %s anew%s"
        .formatted(
            newest,
            String.join(", ", older.stream().map(String::valueOf).toList()),
            answer.get("visited"),
            answer.get("resealed"),
            trouble == null || trouble.equals("") ? "." : "; it waits: " + trouble);
  }
}

package dev.starling.app;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code user}: who may sign in. Asks the running server; without one, opens its data itself. */
@Command(
    name = "user",
    description = "Who may sign in.",
    synopsisSubcommandLabel = "(add | list | code | delete)")
final class UserCommand {

  @Command(
      name = "add",
      description = "Make an account: prints its number and a one-time code to sign in with.")
  static final class Add implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME",
        description = "How the person is called; without it they choose at the first sign-in.")
    private @Nullable String name;

    Add(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      if (name != null && name.isBlank()) {
        throw new Problem("the name is blank: give one, or leave it out and let the person choose");
      }
      DataFolder data = options.folder();
      if (!data.exists()) {
        console.remark("making a new data folder, " + data.root().toAbsolutePath().normalize());
        data.create();
      }
      Map<String, Object> request =
          Json.object("command", "user.add", "name", name == null ? "" : name);
      printCredentials(console, options, Operators.with(data, request));
    }
  }

  @Command(name = "code", description = "Make another one-time code, say for a further device.")
  static final class Code implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    @Parameters(paramLabel = "NUMBER", description = "As user add printed it.")
    private String number = "";

    Code(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> request = Json.object("command", "user.code", "number", number);
      printCredentials(console, options, Operators.with(options.folder(), request));
    }
  }

  @Command(
      name = "delete",
      description = "Delete an account and all it owns; what it said to others stays theirs.")
  static final class Delete implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    @Parameters(paramLabel = "NUMBER", description = "As user add printed it.")
    private String number = "";

    @Option(names = "--yes", description = "Really: nothing brings it back.")
    private boolean yes;

    Delete(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      if (!yes) {
        throw new Problem(
            "nothing brings a deleted account back: add --yes if %s is to go".formatted(number));
      }
      Map<String, Object> request = Json.object("command", "user.delete", "number", number);
      Map<String, Object> answer = Operators.with(options.folder(), request);
      console.print(options.json ? Json.write(answer) : "deleted " + answer.get("number"));
    }
  }

  @Command(name = "list", description = "List all accounts.")
  static final class ListAll implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    ListAll(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> answer =
          Operators.with(options.folder(), Json.object("command", "user.list"));
      if (options.json) {
        console.print(Json.write(answer));
      } else if (answer.get("users") instanceof List<?> users) {
        users.forEach(user -> console.print(line((Map<?, ?>) user)));
        if (users.isEmpty()) {
          console.remark("no accounts yet: user add NAME makes one");
        }
      }
    }

    private static String line(Map<?, ?> user) {
      String username = (String) user.get("username");
      String at = username == null || username.isEmpty() ? "" : "  @" + username;
      return user.get("number") + "  " + user.get("name") + at;
    }
  }

  private static void printCredentials(
      Console console, DataOptions options, Map<String, Object> answer) {
    if (options.json) {
      console.print(Json.write(answer));
    } else {
      console.print("number  " + answer.get("number"));
      console.print("code    " + answer.get("code") + "  (signs in once, within 24 hours)");
    }
  }
}

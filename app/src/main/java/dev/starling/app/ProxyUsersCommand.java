package dev.starling.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code proxy users}: who may pass. Holds at once where a proxy runs. */
@Command(
    name = "users",
    description = "Who may pass; holds at once where a proxy runs.",
    synopsisSubcommandLabel = "(add | list | revoke)")
final class ProxyUsersCommand {

  @Command(
      name = "add",
      description = "Let somebody in by a secret of their own, or change their limits.")
  static final class Add implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    @Parameters(paramLabel = "NAME", description = "1 to 32 letters, digits, dashes, dots.")
    private String name = "";

    @Option(names = "--domain", paramLabel = "SITE", description = "Another than the proxy's.")
    private String domain = "";

    @Option(
        names = "--limit",
        paramLabel = "LIMIT=N",
        description =
            "connections, addresses, bytes, days (after which bytes begin anew), rate (bytes a"
                + " second), expires (a time such as 2026-12-31T00:00:00Z).")
    private Map<String, String> limits = new LinkedHashMap<>();

    Add(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      String site = domain.isEmpty() ? "" : ProxyKeys.DOMAIN.value(domain);
      Map<String, Object> answer =
          options.ask(
              Json.object("command", "users.put", "name", name, "domain", site, "limits", limits));
      console.print(options.json ? Json.write(answer) : String.valueOf(answer.get("tg")));
    }
  }

  @Command(name = "list", description = "List all users and what they use.")
  static final class ListAll implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    ListAll(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> answer = options.ask(Json.object("command", "users.list"));
      if (options.json) {
        console.print(Json.write(answer));
      } else if (answer.get("users") instanceof List<?> users) {
        users.forEach(user -> console.print(line((Map<?, ?>) user)));
        if (users.isEmpty()) {
          console.remark("no users yet: proxy users add NAME makes one");
        }
      }
    }

    private static String line(Map<?, ?> user) {
      String use =
          user.get("up") instanceof Number up && user.get("down") instanceof Number down
              ? "  %s connections from %s addresses, %,d MB"
                  .formatted(
                      user.get("connections"),
                      user.get("addresses"),
                      (up.longValue() + down.longValue()) / 1_000_000)
              : "";
      return "%-16s %-24s %s%s"
          .formatted(user.get("name"), user.get("domain"), user.get("limits"), use);
    }
  }

  @Command(name = "revoke", description = "Let nobody in by this user's secret any more.")
  static final class Revoke implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    @Parameters(paramLabel = "NAME", description = "As proxy users list shows it.")
    private String name = "";

    @Option(names = "--drop", description = "Cut off who is in; else they end when they like.")
    private boolean drop;

    Revoke(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> answer =
          options.ask(Json.object("command", "users.revoke", "name", name, "drop", drop));
      console.print(options.json ? Json.write(answer) : "revoked " + name);
    }
  }
}

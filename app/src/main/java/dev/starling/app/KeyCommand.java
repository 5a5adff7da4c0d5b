package dev.starling.app;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code key}: the data keys, and the RSA key of the service. Asks the running server; without one,
 * opens its data itself.
 */
@Command(
    name = "key",
    description =
        "The keys that seal the rows on the disk, and the one clients know the service by.",
    synopsisSubcommandLabel = "(list | rotate | renew)")
final class KeyCommand {
  /** Ten years: longer than anybody keeps a client. */
  private static final int DAYS_MAX = 3650;

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

  @Command(
      name = "renew",
      description = {
        "Take a new RSA key into use, by which new clients know the service.",
        "Clients that have the former one go on with it for --days; a running server takes the"
            + " change within seconds, and nobody who is signed in notices."
      })
  static final class Renew implements Runnable {
    private final Console console;
    @Mixin private final DataOptions options = new DataOptions();

    @Option(
        names = "--days",
        defaultValue = "365",
        paramLabel = "N",
        description = "How long the former key is accepted, 0 to 3650 (default: 365).")
    private int days;

    Renew(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      if (days < 0 || days > DAYS_MAX) {
        throw new Problem("--days is 0 to " + DAYS_MAX + ", not " + days);
      }
      DataFolder data = options.folder();
      try (SystemEnv system = new SystemEnv()) {
        Env env = system.env();
        Identity identity = Identity.open(data, env.random());
        Instant until = env.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        renewed(identity.keys(), env, until.plus(Duration.ofDays(days))).save(data.serverKey());
        Identity now = Identity.open(data, env.random());
        console.print(
            options.json
                ? Json.write(
                    Json.object("fingerprint", now.fingerprint(), "until", until.toString()))
                : "clients know the service by " + now.fingerprint() + " now: client-kit has it");
      }
    }

    private static ServerKeys renewed(ServerKeys keys, Env env, Instant until) {
      try {
        return keys.rotated(ServerKey.generate(env.random()), until);
      } catch (IllegalArgumentException e) {
        throw new Problem(
            "server.pem holds %d keys already: take the oldest out of it by hand"
                .formatted(ServerKeys.KEYS_MAX),
            e);
      }
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

package dev.starling.app;

import dev.starling.mtproto.ProxySecret;
import dev.starling.proxy.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code proxy}: a proxy for people whose messenger is blocked. */
@Command(
    name = "proxy",
    description = "Run a proxy for people whose messenger is blocked.",
    synopsisSubcommandLabel = "(init | run | share | users | impact | status | doctor | stop)")
final class ProxyCommand {

  @Command(
      name = "init",
      description = "Make a proxy's folder: a secret, and a short file to edit.")
  static final class Init implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    @Option(
        names = "--domain",
        required = true,
        paramLabel = "SITE",
        description = "The web site that the proxy stands before, best one of your own.")
    private String domain = "";

    @Option(
        names = "--origin",
        paramLabel = "HOST:PORT",
        description = "Where the site's web server listens, if not at SITE:443.")
    private String origin = "";

    Init(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      String site = ProxyKeys.DOMAIN.value(domain);
      String where = ProxyKeys.ORIGIN.value(origin);
      ProxyFolder folder = options.folder();
      if (Files.exists(folder.config())) {
        throw new Problem(
            folder.config() + " is there already: edit it, or name another folder by --data");
      }
      folder.data().create();
      try {
        Files.writeString(folder.config(), file(site, where));
      } catch (IOException e) {
        throw DataFolder.failure(folder.config(), e);
      }
      options.ask(Json.object("command", "users.put", "name", "first"));
      ProxyChecks checks = new ProxyChecks(options.configuration(Map.of()));
      List<Finding> findings = List.of(checks.name(), checks.origin());
      if (options.json) {
        findings.forEach(finding -> console.print(Json.write(finding.json())));
      } else {
        console.print("made " + folder.config() + " and a first user");
        findings.forEach(finding -> console.print(finding.line()));
        console.print("next: ./starling proxy run, then ./starling proxy share");
      }
    }

    private static String file(String site, String origin) {
      String before = origin.isEmpty() ? "#origin = 127.0.0.1:8443" : "origin = " + origin;
      return """
      # Starling's proxy. Keys that are left out have their defaults; ./starling proxy config tells all.
      domain = %s
      # where that site is, if its name leads to this machine:
      %s
      #listen = 0.0.0.0:443
      # the address in the links, if it is not this machine's own:
      #announce = 203.0.113.5
      """
          .formatted(site, before);
    }
  }

  @Command(name = "run", description = "Run the proxy in the foreground; needs no configuration.")
  static final class Run implements Callable<Integer> {
    private final Console console;
    private final SettingOptions settings;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    Run(Console console, SettingOptions settings) {
      this.console = console;
      this.settings = settings;
    }

    @Override
    public Integer call() throws InterruptedException {
      ProxyFolder folder = options.folder();
      Configuration configuration = options.configuration(settings.given());
      folder.data().create();
      ProxyWiring wiring = new ProxyWiring(folder, configuration);
      ProxyLinks links = wiring.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(wiring), "close"));
      User first = folder.readUsers().getFirst();
      ProxySecret secret = first.secret(ProxySecret.Kind.FAKE_TLS);
      console.print(
          options.json
              ? Json.write(
                  Json.object(
                      "event", "ready",
                      "address", Addresses.text(links.address().getAddress()),
                      "port", links.address().getPort(),
                      "tg", links.tg(secret)))
              : text(links, secret));
      Ending.onSignals();
      new CountDownLatch(1).await();
      return 0;
    }

    private static String text(ProxyLinks links, ProxySecret secret) {
      StringBuilder text = new StringBuilder();
      text.append(
          "The proxy is ready at %s, as the site %s.%n%n"
              .formatted(Addresses.text(links.address()), secret.domain()));
      text.append("  %s%n  %s%n%n".formatted(links.tg(secret), links.web(secret)));
      text.append(QrCode.text(links.tg(secret)));
      if (secret.domain().equals(ProxyKeys.DOMAIN.fallback())) {
        text.append(
            "%nA site of your own hides it better: ./starling proxy init --domain SITE%n"
                .formatted());
      }
      if (links.address().getAddress().isSiteLocalAddress()) {
        text.append(
            "%n%s is an address of this network alone: say the public one by --announce%n"
                .formatted(Addresses.text(links.address().getAddress())));
      }
      return text.append("Ctrl-C or SIGTERM stops it.").toString();
    }

    private void stop(ProxyWiring wiring) {
      wiring.close();
      console.print(options.json ? Json.write(Json.object("event", "stopped")) : "Stopped.");
      Runtime.getRuntime().halt(0); // else the exit code would tell of the signal
    }
  }

  @Command(name = "share", description = "Print the links of a user, with a QR code to scan.")
  static final class Share implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    @Option(names = "--user", paramLabel = "NAME", description = "Whose (default: the first).")
    private String name = "";

    @Option(names = "--png", paramLabel = "FILE", description = "Write the QR code as a picture.")
    private @Nullable Path png;

    Share(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<?, ?> user = user(options.ask(Json.object("command", "users.list")));
      String link = String.valueOf(user.get("tg"));
      String web = String.valueOf(user.get("web"));
      if (png != null) {
        try {
          Files.write(png, QrCode.png(link));
        } catch (IOException e) {
          throw new Problem(
              "cannot write %s (%s): name another file".formatted(png, DataFolder.reason(e)), e);
        }
      }
      if (options.json) {
        console.print(
            Json.write(
                Json.object("name", String.valueOf(user.get("name")), "tg", link, "web", web)));
      } else {
        console.print(link + "\n" + web + "\n\n" + QrCode.text(link).stripTrailing());
      }
    }

    private Map<?, ?> user(Map<String, Object> answer) {
      if (answer.get("users") instanceof List<?> users) {
        for (Object one : users) {
          if (one instanceof Map<?, ?> user && (name.isEmpty() || name.equals(user.get("name")))) {
            return user;
          }
        }
      }
      throw new Problem(
          name.isEmpty()
              ? "the proxy has no users: proxy users add NAME makes one"
              : "there is no user '%s': proxy users list shows all".formatted(Harmless.line(name)));
    }
  }

  @Command(name = "impact", description = "Tell how many people it helped today, rounded.")
  static final class Impact implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    Impact(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> answer = options.askRunning(Json.object("command", "impact"));
      if (options.json) {
        console.print(Json.write(answer));
        return;
      }
      int people = answer.get("people") instanceof Number number ? number.intValue() : 0;
      long bytes = answer.get("bytes") instanceof Number number ? number.longValue() : 0;
      console.print(
          "today you helped %s people; %,d MB since the start"
              .formatted(people == 0 ? "fewer than 8" : "about " + people, bytes / 1_000_000));
    }
  }

  @Command(name = "status", description = "Tell how the running proxy is.")
  static final class Status implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    Status(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> status = options.askRunning(Json.object("command", "status"));
      if (options.json) {
        console.print(Json.write(status));
      } else {
        status.forEach((name, value) -> console.print("%-18s %s".formatted(name, value)));
      }
    }
  }

  @Command(name = "stop", description = "Stop the running proxy.")
  static final class Stop implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    Stop(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Map<String, Object> answer = options.askRunning(Json.object("command", "stop"));
      console.print(options.json ? Json.write(answer) : "Stopping.");
    }
  }

  @Command(
      name = "config",
      description = "Print all that may be set, with the values in force: the manual.")
  static final class Config implements Runnable {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    Config(Console console) {
      this.console = console;
    }

    @Override
    public void run() {
      Configuration inForce = options.configuration(Map.of());
      console.print(options.json ? Json.write(inForce.json()) : inForce.manual().stripTrailing());
    }
  }

  @Command(
      name = "doctor",
      description = "Look for what is wrong, what follows from it, and how to mend it.")
  static final class Doctor implements Callable<Integer> {
    private final Console console;
    @Mixin private final ProxyOptions options = new ProxyOptions();

    Doctor(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      Map<String, Object> status =
          AdminClient.ask(options.folder().adminSocket(), Json.object("command", "status"));
      List<Finding> findings =
          new ProxyChecks(options.configuration(Map.of())).all(status == null ? Map.of() : status);
      long problems =
          findings.stream().filter(finding -> finding.level() == Finding.Level.PROBLEM).count();
      findings.forEach(
          finding -> console.print(options.json ? Json.write(finding.json()) : finding.line()));
      return problems == 0 ? 0 : 1;
    }
  }
}

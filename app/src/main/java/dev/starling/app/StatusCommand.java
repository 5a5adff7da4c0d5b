package dev.starling.app;

import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}: how the running server is; without one, exit code 1. */
@Command(name = "status", description = "Tell how the running server is.")
final class StatusCommand implements Runnable {
  private final Console console;
  @Mixin private final DataOptions options = new DataOptions();

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    DataFolder data = options.folder();
    Map<String, Object> status =
        AdminClient.ask(data.adminSocket(), Json.object("command", "status"));
    if (status == null) {
      throw new Problem(
          "no server runs on %s: start one by starling up, or name its folder by --data"
              .formatted(data.root()));
    }
    console.print(options.json ? Json.write(status) : text(status));
  }

  private static String text(Map<String, Object> status) {
    long seconds = status.get("uptimeSeconds") instanceof Number number ? number.longValue() : 0;
    Duration up = Duration.ofSeconds(seconds);
    return "Starling %s runs at %s:%s (pid %s) for %d h %02d min: %s accounts, %s connections, %s sessions"
        .formatted(
            status.get("version"),
            status.get("address"),
            status.get("port"),
            status.get("pid"),
            up.toHours(),
            up.toMinutesPart(),
            status.get("accounts"),
            status.get("connections"),
            status.get("sessions"));
  }
}

package dev.starling.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    Duration up = Duration.ofSeconds(number(status, "uptimeSeconds"));
    List<String> lines = new ArrayList<>();
    lines.add(
        "Starling %s runs at %s:%s (pid %s) for %d h %02d min: %s accounts, %s connections, %s sessions"
            .formatted(
                status.get("version"),
                status.get("address"),
                status.get("port"),
                status.get("pid"),
                up.toHours(),
                up.toMinutesPart(),
                status.get("accounts"),
                status.get("connections"),
                status.get("sessions")));
    lines.add(
        "  since the start  %s calls (%s refused, %s failed by defects), %s pushes, %s new auth keys"
            .formatted(
                status.get("calls"),
                status.get("refusals"),
                status.get("defects"),
                status.get("pushes"),
                status.get("handshakes")));
    lines.add(
        "  turned away      %s connections over the limit, %s handshakes, %s unknown keys, %s not the protocol"
            .formatted(
                status.get("connectionsRefused"),
                status.get("handshakesRefused"),
                status.get("unknownKeys"),
                status.get("dropped")));
    lines.add(
        "  disk             %s commits, 99 of 100 within %s ms; %,d MB free"
            .formatted(
                status.get("commits"),
                status.get("commitMillis99"),
                number(status, "diskFreeBytes") >> 20));
    lines.add(
        "  memory           %,d MB heap, %,d MB in all"
            .formatted(number(status, "heapBytes") >> 20, number(status, "residentBytes") >> 20));
    lines.add("  metrics          " + status.get("metrics"));
    if (status.get("settings") instanceof Map<?, ?> settings) {
      ServerSettings.ALL.stream()
          .filter(setting -> !setting.fallback().equals(settings.get(setting.key())))
          .forEach(
              setting ->
                  lines.add(
                      "  set              " + setting.key() + " = " + settings.get(setting.key())));
    }
    if (status.get("troubles") instanceof List<?> troubles) {
      troubles.forEach(trouble -> lines.add("  TROUBLE          " + trouble));
    }
    return String.join("\n", lines);
  }

  private static long number(Map<String, Object> status, String name) {
    return status.get(name) instanceof Number number ? number.longValue() : 0;
  }
}

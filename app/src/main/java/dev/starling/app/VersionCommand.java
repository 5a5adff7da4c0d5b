package dev.starling.app;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code version}. */
@Command(name = "version", description = "Tell the version.")
final class VersionCommand implements Runnable {
  private final Console console;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  VersionCommand(Console console) {
    this.console = console;
  }

  /** Starling's version, as the jar tells it. */
  static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "unpackaged");
  }

  static String text() {
    return "Starling %s on Java %s".formatted(version(), Runtime.version());
  }

  @Override
  public void run() {
    String java = Runtime.version().toString();
    console.print(json ? Json.write(Json.object("version", version(), "java", java)) : text());
  }
}

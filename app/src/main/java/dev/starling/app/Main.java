package dev.starling.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Starling's command line; {@link Wiring} is what {@code up} runs. */
public final class Main {
  private Main() {}

  /** Runs one verb and ends the process with its exit code: 0 done, 1 a problem, 2 wrong usage. */
  public static void main(String[] args) {
    Console console =
        new Console(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(Verbs.commandLine(console).execute(args));
  }
}

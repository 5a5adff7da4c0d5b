package dev.starling.app;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a verb did, run in this process.
 *
 * @param exitCode 0 done, 1 a problem, 2 wrong usage
 */
record Run(int exitCode, String out, String err) {
  static Run verb(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(err));
    int exitCode = Verbs.commandLine(console).execute(arguments);
    return new Run(exitCode, out.toString(), err.toString());
  }

  /** Whether it failed with one clear line and nothing else. */
  boolean isOneLine() {
    return out.isEmpty() && err.startsWith("starling: ") && err.lines().count() == 1;
  }
}

package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Defects: one line, and the trace where it can be found. */
class FailuresTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();

  @Command(name = "broken")
  static final class Broken implements Runnable {
    @Mixin private final DataOptions options = new DataOptions();

    @Override
    public void run() {
      throw new IllegalStateException("for " + options.folder().root().getFileName());
    }
  }

  private int run(String... arguments) {
    Console console = new Console(new PrintWriter(new StringWriter()), new PrintWriter(err));
    CommandLine line = Verbs.commandLine(console);
    line.addSubcommand(new CommandLine(new Broken()));
    line.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
    return line.execute(arguments);
  }

  @Test
  void traceGoesToTheLog() throws IOException {
    assertEquals(1, run("broken", "--data", folder.toString()));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("starling.log"), err.toString());
    String log = Files.readString(folder.resolve("starling.log"));
    assertTrue(log.contains("FailuresTest$Broken.run"), log);
  }

  @Test
  void withoutAFolderTheLineTellsHowToSeeTheTrace() {
    assertEquals(1, run("broken", "--data", folder.resolve("none").toString()));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains("--debug"), err.toString());
  }

  @Test
  void debugShowsTheTrace() {
    assertEquals(1, run("broken", "--debug", "--data", folder.toString()));
    assertTrue(err.toString().contains("FailuresTest$Broken.run"), err.toString());
  }
}

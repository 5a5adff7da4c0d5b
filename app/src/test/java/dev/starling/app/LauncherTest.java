package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, as far as it goes without a build. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "starling").toAbsolutePath().normalize();
  private static final Pattern VERB = Pattern.compile("(?m)^  ([\\w-]+) ");

  @TempDir Path folder;

  @Test
  void helpNamesEveryVerb() throws Exception {
    Set<String> told =
        VERB.matcher(run(0, LAUNCHER, "--help"))
            .results()
            .map((MatchResult result) -> result.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
    Set<String> verbs = new TreeSet<>(Set.of("test")); // the launcher's own
    Verbs.commandLine(new Console(nowhere, nowhere))
        .getSubcommands()
        .forEach(
            (verb, command) -> {
              if (!command.getCommandSpec().usageMessage().hidden()) {
                verbs.add(verb);
              }
            });
    assertEquals(verbs, told);
  }

  @Test
  void runsThroughASymbolicLinkFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("messenger"), LAUNCHER);
    assertTrue(run(0, link, "help").contains("Usage"));
    Files.delete(link);
  }

  @Test
  void nothingToDoIsWrongUsage() throws Exception {
    assertTrue(run(2, LAUNCHER).contains("Usage"));
  }

  @Test
  void testTellsOfItself() throws Exception {
    String usage = run(0, LAUNCHER, "test", "--help");
    assertTrue(usage.contains("--only MODULE"), usage);
    assertEquals(usage, run(0, LAUNCHER, "help", "test"));
  }

  @Test
  void wrongTestOptionsAreOneLine() throws Exception {
    assertOneLine(run(2, LAUNCHER, "test", "--slow"));
    assertOneLine(run(2, LAUNCHER, "test", "--only"));
    assertOneLine(run(2, LAUNCHER, "test", "--only", "nonsense"));
  }

  @Test
  void jdkThatIsNoneIsOneLine() throws Exception {
    assertOneLine(run(1, Path.of("env"), "STARLING_JAVA_HOME=/", LAUNCHER.toString(), "version"));
  }

  private static void assertOneLine(String output) {
    assertTrue(output.startsWith("starling: ") && output.lines().count() == 1, output);
  }

  private String run(int exitCode, Path program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exitCode, process.waitFor(), output);
    return output;
  }
}

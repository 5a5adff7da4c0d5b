package dev.starling.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line as a user has it: a process of its own for each call. */
final class Starling {
  private Starling() {}

  /** How a call ended and what it said. */
  record Result(int exitCode, String output, String complaints) {}

  static Result run(Path folder, String... arguments) throws IOException {
    return run(folder, command(arguments));
  }

  static Result run(Path folder, List<String> command) throws IOException {
    var output = new StringBuilder();
    try (Child child = new Child(command, folder, line -> output.append(line).append('\n'))) {
      return new Result(child.exitCode(), output.toString(), child.complaints());
    }
  }

  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:TieredStopAtLevel=1"); // these processes live for seconds
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.starling.app.Main");
    command.addAll(List.of(arguments));
    return command;
  }
}

package dev.starling.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code doctor}: looks at machine, data and server; exit code 1 when there is a problem. */
@Command(
    name = "doctor",
    description = "Look for what is wrong with machine, data and server, and tell how to mend it.")
final class DoctorCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final DataOptions options = new DataOptions();

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Finding> findings = look(options.folder());
    long problems = count(findings, Finding.Level.PROBLEM);
    long warnings = count(findings, Finding.Level.WARNING);
    if (options.json) {
      findings.forEach(finding -> console.print(Json.write(finding.json())));
    } else {
      findings.forEach(finding -> console.print(finding.line()));
      console.print("%d problems, %d warnings".formatted(problems, warnings));
    }
    return problems == 0 ? 0 : 1;
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  private static List<Finding> look(DataFolder data) {
    List<Finding> findings = new ArrayList<>();
    List<String> faults = faults(data);
    findings.add(
        faults.isEmpty()
            ? Finding.ok("config", "right")
            : Finding.problem(
                "config",
                faults.getFirst(),
                "the server does not start",
                "starling config check tells all that is wrong"));
    Configuration configuration =
        faults.isEmpty() ? Configuration.read(data, Map.of()) : Configuration.of(Map.of());
    Map<String, Object> status = status(data, findings);
    findings.addAll(new MachineChecks(data, configuration).run());
    findings.addAll(new DataChecks(data, !status.isEmpty()).run());
    findings.addAll(new ServerChecks(data, configuration, status).run());
    return findings;
  }

  private static List<String> faults(DataFolder data) {
    try {
      return ConfigFile.read(data.config()).faults();
    } catch (Problem e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** What a running server says; empty without one. */
  private static Map<String, Object> status(DataFolder data, List<Finding> findings) {
    try {
      Map<String, Object> status =
          AdminClient.ask(data.adminSocket(), Json.object("command", "status"));
      return status == null ? Map.of() : status;
    } catch (Problem e) {
      findings.add(
          Finding.problem(
              "admin socket",
              String.valueOf(e.getMessage()),
              "the server cannot be asked anything",
              "Ask as the owner of the data, or start the server anew"));
      return Map.of();
    }
  }
}

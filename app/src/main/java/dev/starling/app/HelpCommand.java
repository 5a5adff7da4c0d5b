package dev.starling.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help VERB}: the same as {@code VERB --help}. */
@Command(name = "help", hidden = true, description = "Tell of a verb.")
final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts its own in place

  @Parameters(paramLabel = "VERB", description = "Such as: user add.")
  private List<String> verb = List.of();

  @Override
  public Integer call() {
    CommandLine command = spec.parent().commandLine();
    for (String word : verb) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "there is no verb '%s'".formatted(Harmless.line(word)));
      }
      command = next;
    }
    command.usage(spec.commandLine().getOut());
    return 0;
  }
}

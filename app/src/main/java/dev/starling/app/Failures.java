package dev.starling.app;

import dev.starling.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One clear line for each failure. The trace of a defect goes to a file, not to the person. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Console console;
  private final Verbs verbs;

  Failures(Console console, Verbs verbs) {
    this.console = console;
    this.verbs = verbs;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    List<String> nearest =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    String hint = nearest.isEmpty() ? "" : " (did you mean " + nearest.getFirst() + "?)";
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    console.remark("starling: %s%s; %s --help tells more".formatted(message, hint, command));
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof Problem || e instanceof StoreException) {
      console.remark("starling: " + e.getMessage());
      if (verbs.debug) {
        console.remark(trace(e));
      }
    } else {
      console.remark("starling: this is a defect of Starling: " + e + "; " + keepTrace(e, command));
    }
    return ExitCode.SOFTWARE;
  }

  /** Puts the trace where it can be found, and tells where that is. */
  private String keepTrace(Exception e, CommandLine command) {
    OptionSpec data = command.getCommandSpec().findOption("--data");
    if (!verbs.debug && data != null && data.getValue() instanceof Path folder) {
      Path log = new DataFolder(folder).log();
      try {
        Files.writeString(log, trace(e), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return "please report it with the trace in " + log;
      } catch (IOException _) {
        // No folder to keep it in: say it here.
      }
    }
    return verbs.debug
        ? "please report it with this trace:\n" + trace(e)
        : "please report it with the trace that --debug shows";
  }

  private static String trace(Exception e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}

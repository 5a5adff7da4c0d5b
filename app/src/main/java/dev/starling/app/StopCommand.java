package dev.starling.app;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stop}: tells the running server to drain and end, and waits until it has. */
@Command(name = "stop", description = "Stop the running server in order.")
final class StopCommand implements Runnable {
  /** More than the longest {@code drain}. */
  private static final Duration PATIENCE = Duration.ofSeconds(330);

  private final Console console;
  @Mixin private final DataOptions options = new DataOptions();

  StopCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    DataFolder data = options.folder();
    Map<String, Object> answer =
        AdminClient.ask(data.adminSocket(), Json.object("command", "stop"));
    if (answer == null) {
      throw new Problem("no server runs on %s: there is nothing to stop".formatted(data.root()));
    }
    long pid = answer.get("pid") instanceof Number number ? number.longValue() : -1;
    await(pid);
    console.print(options.json ? Json.write(Json.object("event", "stopped")) : "Stopped.");
  }

  private static void await(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return; // gone already
    }
    try {
      process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Problem("the server (pid %d) has not ended: kill %1$d ends it".formatted(pid), e);
    } catch (InterruptedException | ExecutionException e) {
      throw new Problem("not waited for the server (pid %d): it is stopping".formatted(pid), e);
    }
  }
}

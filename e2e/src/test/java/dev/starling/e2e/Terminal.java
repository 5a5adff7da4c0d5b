package dev.starling.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code starling chat} in a terminal of its own, and somebody who types and reads. */
final class Terminal implements AutoCloseable {
  /** What moves the cursor or colours the text: a person does not read it. */
  private static final Pattern CONTROLS =
      Pattern.compile("\\x1b\\[[0-9;?>=]*[A-Za-z]|\\x1b[=>]|\\x1b\\([A-Z]|[\\r\\x07\\x0f]");

  private final Child process;
  private final StringBuilder output = new StringBuilder();
  private int read;

  /** Everybody's data folder is the server's: that is how a newcomer tries it. */
  Terminal(Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("python3", ClientPackages.FOLDER.resolve("terminal.py").toString()));
    command.addAll(Starling.command("chat", "--data", Server.data(home).toString()));
    process = new Child(command, home, this::onLine);
  }

  /** Types a line and Return. */
  void type(String line) {
    try {
      process.write(Server.JSON.writeValueAsString(line + "\r"));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until {@code text} is shown below what was waited for before. */
  synchronized void await(String text) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Child.DEADLINE_SECONDS);
    while (true) {
      String shown = shown();
      int at = shown.indexOf(text, read);
      if (at >= 0) {
        read = at + text.length();
        return;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "never saw '" + text + "' after " + read + " in:\n" + shown + process.complaints());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** All that was shown so far. */
  synchronized String shown() {
    return CONTROLS.matcher(output).replaceAll("");
  }

  /** Its exit code, once it has ended. */
  int exitCode() {
    return process.exitCode();
  }

  @Override
  public void close() {
    process.close();
  }

  private synchronized void onLine(String line) {
    try {
      output.append(Server.JSON.readValue(line, String.class));
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
    notifyAll();
  }
}

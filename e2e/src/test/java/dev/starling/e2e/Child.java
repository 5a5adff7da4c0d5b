package dev.starling.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child process: its output is read as it comes and its complaints are kept; it never outlives
 * the tests.
 */
final class Child implements AutoCloseable {
  /** Far longer than anything here takes on a slow and busy machine: only a hang reaches it. */
  static final long DEADLINE_SECONDS = Long.getLong("deadline", 90);

  private static final Set<Process> LIVING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> LIVING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final List<Thread> readers;

  Child(List<String> command, Path folder, Consumer<String> onLine) throws IOException {
    this(command, folder, Map.of(), onLine);
  }

  /**
   * @param environment variables added to our own
   */
  Child(List<String> command, Path folder, Map<String, String> environment, Consumer<String> onLine)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
    LIVING.add(process);
    readers =
        List.of(
            reader(process.getInputStream(), onLine),
            reader(process.getErrorStream(), complaints::add));
  }

  /** Writes one line to its standard input. */
  synchronized void write(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("it no longer listens; it said:\n" + complaints(), e);
    }
  }

  /** What it has written to standard error so far. */
  String complaints() {
    return String.join("\n", complaints);
  }

  /** Runs {@code action} when it has ended, at once if it has already. */
  void onExit(Runnable action) {
    var _ = process.onExit().thenRun(action);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** Waits until it has ended and all its output is read. */
  int exitCode() {
    return exitCode(DEADLINE_SECONDS);
  }

  int exitCode(long deadlineSeconds) {
    try {
      if (!process.waitFor(deadlineSeconds, TimeUnit.SECONDS)) {
        throw new AssertionError("still running; it said:\n" + complaints());
      }
      for (Thread reader : readers) {
        reader.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    LIVING.remove(process);
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }

  private static Thread reader(InputStream in, Consumer<String> onLine) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (var lines =
                  new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                lines.lines().forEach(onLine);
              } catch (IOException | UncheckedIOException _) {
                // It was killed in the middle of a line.
              }
            });
  }
}

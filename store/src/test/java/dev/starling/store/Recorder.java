package dev.starling.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/** {@code recorder.c}, compiled: what a process is started with, so that it is recorded. */
public final class Recorder {
  private final Path library;

  private Recorder(Path library) {
    this.library = library;
  }

  /**
   * Compiles it.
   *
   * @param scratch where the library goes
   * @throws TestAbortedException if the machine has no C compiler
   */
  public static Recorder compile(Path scratch) throws Exception {
    return new Recorder(compile(Recorder.class, "recorder.c", scratch));
  }

  /** Compiles a library to be preloaded from a resource beside a class. */
  public static Path compile(Class<?> beside, String name, Path scratch) throws Exception {
    Path source = scratch.resolve(name).toAbsolutePath();
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name))) {
      Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path library = source.resolveSibling(name.replace(".c", ".so"));
    List<String> command =
        List.of("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString());
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new AssertionError(name + " does not compile");
      }
    } catch (IOException e) {
      throw new TestAbortedException("SKIPPED: no C compiler (cc), so nothing was preloaded", e);
    }
    return library;
  }

  /**
   * The environment of a process to be recorded.
   *
   * @param folder what is watched
   * @param log where the record goes
   */
  public Map<String, String> environment(Path folder, Path log) throws IOException {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "RECORD_FOLDER", folder.toRealPath().toString(),
        "RECORD_LOG", log.toAbsolutePath().toString());
  }
}

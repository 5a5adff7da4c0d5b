package dev.starling.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The foreign clients of {@code e2e/clients}: fetched once, offline afterwards. */
final class ClientPackages {
  static final Path FOLDER = Path.of("clients").toAbsolutePath();

  /** What is made of packages of other languages. */
  private static final Path MADE = Path.of("target", "clients").toAbsolutePath();

  /** How the service's key begins where TDLib was compiled with it. */
  private static final byte[] BUILT_IN_KEY =
      "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEA6LszBcC1".getBytes(StandardCharsets.US_ASCII);

  /** Every PKCS#1 PEM of a 2048-bit key with e = 65537, without a last newline. */
  private static final int KEY_LENGTH = 425;

  /** Over a slow network, with something to compile. */
  private static final long FETCH_SECONDS = 600;

  private ClientPackages() {}

  /** Runs {@code npm ci} where the packages are absent or older than the lock file. */
  static synchronized void fetch() throws IOException {
    Path fetched = FOLDER.resolve("node_modules/.package-lock.json");
    FileTime locked = Files.getLastModifiedTime(FOLDER.resolve("package-lock.json"));
    if (Files.exists(fetched) && Files.getLastModifiedTime(fetched).compareTo(locked) >= 0) {
      return;
    }
    run(FOLDER, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    Files.setLastModifiedTime(fetched, FileTime.from(Instant.now()));
  }

  /** A Python that has {@code packages}, each with its version; fetched where it is absent. */
  static synchronized Path python(String... packages) throws IOException {
    Path environment = MADE.resolve(String.join("-", packages).replace("==", "-"));
    Path python = environment.resolve("bin/python");
    Path done = environment.resolve("done");
    if (Files.exists(done)) {
      return python;
    }
    Files.createDirectories(MADE);
    run(MADE, "python3", "-m", "venv", "--clear", environment.toString());
    List<String> install =
        new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "-q"));
    install.addAll(List.of(packages));
    run(MADE, install.toArray(String[]::new));
    Files.createFile(done);
    return python;
  }

  /** The program that the Go module in {@code FOLDER/module} makes. */
  static synchronized Path go(String module) throws IOException {
    Path program = MADE.resolve(module);
    Files.createDirectories(MADE);
    run(FOLDER.resolve(module), "go", "build", "-o", program.toString(), ".");
    return program;
  }

  /**
   * A copy in {@code folder} of the TDLib that the npm package {@code name} has, trusting {@code
   * publicKey} instead of the key it was built with.
   */
  static synchronized Path tdlib(String name, Path folder, String publicKey) throws IOException {
    fetch();
    Path original = FOLDER.resolve("node_modules").resolve(name).resolve("libtdjson.so");
    Path copy = folder.resolve(name.replace('/', '-') + ".so");
    if (Files.exists(copy)) {
      return copy;
    }
    byte[] key = publicKey.getBytes(StandardCharsets.US_ASCII);
    if (key.length != KEY_LENGTH) {
      throw new AssertionError("a key of " + key.length + " bytes does not fit TDLib's slot");
    }
    byte[] library = Files.readAllBytes(original);
    System.arraycopy(key, 0, library, indexOf(library, BUILT_IN_KEY), KEY_LENGTH);
    return Files.write(copy, library);
  }

  private static void run(Path folder, String... command) throws IOException {
    var output = new StringBuilder();
    try (Child child = new Child(List.of(command), folder, output::append)) {
      if (child.exitCode(FETCH_SECONDS) != 0) {
        String said = output + child.complaints();
        throw new AssertionError("needed once to have the clients of the tests: " + said);
      }
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i <= bytes.length - part.length; i++) {
      if (bytes[i] == part[0] && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("this TDLib has no key to replace");
  }
}

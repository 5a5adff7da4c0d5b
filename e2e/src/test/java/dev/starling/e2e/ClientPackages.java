package dev.starling.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The foreign clients of {@code e2e/clients}: fetched once, offline afterwards. */
final class ClientPackages {
  static final Path FOLDER = Path.of("clients").toAbsolutePath();

  private static final Path TDLIB =
      FOLDER.resolve("node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so");

  /** How the service's key begins where TDLib was compiled with it. */
  private static final byte[] BUILT_IN_KEY =
      "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEA6LszBcC1".getBytes(StandardCharsets.US_ASCII);

  /** Every PKCS#1 PEM of a 2048-bit key with e = 65537, without a last newline. */
  private static final int KEY_LENGTH = 425;

  private ClientPackages() {}

  /** Runs {@code npm ci} where the packages are absent or older than the lock file. */
  static synchronized void fetch() throws IOException {
    Path fetched = FOLDER.resolve("node_modules/.package-lock.json");
    FileTime locked = Files.getLastModifiedTime(FOLDER.resolve("package-lock.json"));
    if (Files.exists(fetched) && Files.getLastModifiedTime(fetched).compareTo(locked) >= 0) {
      return;
    }
    Starling.Result npm =
        Starling.run(FOLDER, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
    if (npm.exitCode() != 0) {
      throw new AssertionError("npm is needed once to fetch the clients of the tests: " + npm);
    }
    Files.setLastModifiedTime(fetched, FileTime.from(Instant.now()));
  }

  /**
   * A copy of TDLib in {@code folder} that trusts {@code publicKey} instead of the key it was built
   * with.
   */
  static synchronized Path tdlib(Path folder, String publicKey) throws IOException {
    Path copy = folder.resolve("libtdjson.so");
    if (Files.exists(copy)) {
      return copy;
    }
    byte[] key = publicKey.getBytes(StandardCharsets.US_ASCII);
    if (key.length != KEY_LENGTH) {
      throw new AssertionError("a key of " + key.length + " bytes does not fit TDLib's slot");
    }
    byte[] library = Files.readAllBytes(TDLIB);
    System.arraycopy(key, 0, library, indexOf(library, BUILT_IN_KEY), KEY_LENGTH);
    return Files.write(copy, library);
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

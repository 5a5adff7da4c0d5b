package dev.starling.app;

import dev.starling.proxy.User;
import dev.starling.proxy.UserLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything that a proxy keeps, in one folder for its owner's eyes only:
 *
 * <pre>
 * proxy.conf   what the volunteer set; need not be there
 * users        who may pass, with their secrets
 * hellos       digests of hellos that were seen, so that a replay is told after a restart too
 * headers      the same of what came without the disguise
 * impact       how many people were helped on which day, rounded
 * admin.sock   speaks to the running proxy
 * </pre>
 */
record ProxyFolder(Path root) {
  /** 10,000 users with all limits: what is longer is another file. */
  private static final long USERS_BYTES_MAX = 4 << 20;

  DataFolder data() {
    return new DataFolder(root);
  }

  Path config() {
    return root.resolve("proxy.conf");
  }

  Path users() {
    return root.resolve("users");
  }

  Path hellos() {
    return root.resolve("hellos");
  }

  Path headers() {
    return root.resolve("headers");
  }

  Path impact() {
    return root.resolve("impact");
  }

  Path adminSocket() {
    return root.resolve("admin.sock");
  }

  boolean exists() {
    return Files.isDirectory(root);
  }

  /** All users; none if there is no file. */
  List<User> readUsers() {
    Path file = users();
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      if (Files.size(file) > USERS_BYTES_MAX) {
        throw new Problem(file + " is too long: put the right file there");
      }
      return UserLines.parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new Problem("%s, %s: mend that line, or remove it".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  /** Writes all users, whole or not at all, for the owner's eyes only. */
  void writeUsers(List<User> users) {
    String lines = users.stream().map(UserLines::format).collect(Collectors.joining("\n"));
    PrivateFile.replace(
        users(),
        "# name secret domain [connections=N] [addresses=N] [bytes=N] [days=N] [rate=N]"
            + " [expires=TIME]\n"
            + lines);
  }
}

package dev.starling.app;

import dev.starling.mtproto.ServerKey;
import dev.starling.store.RocksStore;
import dev.starling.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the data folder must be. */
record DataChecks(DataFolder data, boolean isRunning) {
  private static final Duration BACKUP_OLD = Duration.ofDays(7);

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    if (!data.exists()) {
      findings.add(
          Finding.problem(
              "data",
              "there is no folder " + data.root(),
              "there is nothing to look at",
              "Name the server's by --data, or make one by starling up"));
      return findings;
    }
    findings.add(modes());
    findings.add(identity());
    findings.add(opens());
    if (RocksStore.exists(data.store())) {
      findings.add(backup());
    }
    return findings;
  }

  private Finding modes() {
    List<String> open = new ArrayList<>();
    for (Path secret : List.of(data.root(), data.keys(), data.serverKey(), data.secret())) {
      try {
        if (Files.exists(secret) && !isPrivate(Files.getPosixFilePermissions(secret))) {
          open.add(secret.toString());
        }
      } catch (IOException e) {
        open.add(secret + " (" + DataFolder.reason(e) + ")");
      }
    }
    return open.isEmpty()
        ? Finding.ok("modes", "keys and data are for their owner alone")
        : Finding.problem(
            "modes",
            "others may open " + String.join(", ", open),
            "who has the keys and the disk reads everything, and the server does not start",
            "chmod go= "
                + String.join(" ", open.stream().map(Shell::word).toList())
                + " and think about who may have read it");
  }

  private static boolean isPrivate(Set<PosixFilePermission> permissions) {
    return PosixFilePermissions.toString(permissions).endsWith("------");
  }

  private Finding identity() {
    ServerKey key = key();
    if (key == null) {
      return RocksStore.exists(data.store()) || Files.exists(data.serverKey())
          ? Finding.problem(
              "key",
              data.serverKey() + " is missing or damaged",
              "clients know the service by it, and none can come",
              "Put it back from a backup of the keys")
          : Finding.ok("key", "none yet: the first start makes it");
    }
    String fingerprint = "%016x".formatted(key.fingerprint());
    String published = published();
    if (published != null && !published.equals(key.publicPem())) {
      return Finding.problem(
          "key",
          data.publicKey() + " is not the public half of " + data.serverKey(),
          "who is given it cannot connect",
          "Remove it: the next start writes the right one");
    }
    return fingerprint.startsWith("0")
        ? Finding.warning(
            "key",
            "its fingerprint " + fingerprint + " begins with a zero",
            "mtcute drops the zero and does not find the key",
            "Draw keys until one begins otherwise, before the first client knows this one")
        : Finding.ok("key", "fingerprint " + fingerprint);
  }

  private @Nullable ServerKey key() {
    try {
      return ServerKeys.parse(Files.readString(data.serverKey(), StandardCharsets.ISO_8859_1))
          .newest();
    } catch (IOException | IllegalArgumentException _) {
      return null;
    }
  }

  private @Nullable String published() {
    try {
      return Files.readString(data.publicKey(), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return null; // the next start writes it
    }
  }

  /** Format, keys and sums are checked by opening it, which a running server has done. */
  private Finding opens() {
    if (isRunning) {
      return Finding.ok("store", "open in the running server");
    }
    if (!RocksStore.exists(data.store())) {
      return Finding.ok("store", "none yet: the first start makes it");
    }
    try (Wiring wiring = Wiring.offline(data)) {
      int accounts = wiring.operations().ask(Json.object("command", "user.list")).size();
      return Finding.ok("store", accounts >= 0 ? "opens, and its rows can be read" : "");
    } catch (StoreException | Problem e) {
      return Finding.problem(
          "store",
          String.valueOf(e.getMessage()),
          "the server does not start",
          "Do what it says; starling restore brings back a backup");
    }
  }

  private Finding backup() {
    String mend = "Make one now and then: starling backup FOLDER, and keep the keys elsewhere";
    String consequence = "a disk that dies takes everything with it";
    try {
      Instant made = Files.getLastModifiedTime(data.lastBackup()).toInstant();
      long days = Duration.between(made, Instant.now()).toDays();
      return days <= BACKUP_OLD.toDays()
          ? Finding.ok("backup", "%d days old".formatted(days))
          : Finding.warning("backup", "the last is %d days old".formatted(days), consequence, mend);
    } catch (IOException _) {
      return Finding.warning("backup", "none was ever made here", consequence, mend);
    }
  }
}

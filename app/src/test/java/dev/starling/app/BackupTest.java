package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a server that runs or not, what comes of them, and keys that rotate meanwhile. */
class BackupTest {
  @TempDir Path folder;

  private Path path(String name) {
    return folder.resolve(name);
  }

  private static Run ok(String... arguments) {
    Run run = Run.verb(arguments);
    assertEquals(0, run.exitCode(), run.toString());
    return run;
  }

  private String refusal(String... arguments) {
    Run run = Run.verb(arguments);
    assertEquals(1, run.exitCode(), run.toString());
    assertTrue(run.isOneLine(), run.toString());
    return run.err().strip().replace(folder.toString(), "");
  }

  private Run backup(String name, String... more) {
    return ok(concat(more, "backup", path(name).toString(), "--data", path("data").toString()));
  }

  private String[] restoring(String backup, String target, String... more) {
    return concat(more, "restore", path(backup).toString(), "--data", path(target).toString());
  }

  private static String[] concat(String[] more, String... first) {
    List<String> all = new java.util.ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String users(String data) {
    return ok("user", "list", "--data", path(data).toString()).out();
  }

  private void addUser(String name) {
    ok("user", "add", name, "--data", path("data").toString());
  }

  @Test
  void aRunningServerIsBackedUpAndTheCopyRestored() throws Exception {
    try (Wiring wiring =
        new Wiring(
            new DataFolder(path("data")).create(),
            Configuration.of(Map.of("listen", "127.0.0.1:0")))) {
      wiring.start();
      addUser("Alice");
      Run made = backup("copy");
      assertTrue(made.out().contains("The keys are not in it. Keep keys, server.pem and secret"));
      addUser("Bob");
    }
    assertTrue(users("data").contains("Bob"));
    for (Path file : Trees.files(path("copy"))) {
      assertFalse(
          Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains("Alice"),
          "rows stay sealed");
    }
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path("copy"))));
    Run restored = ok(restoring("copy", "new", "--keys", path("data").toString()));
    assertTrue(restored.out().contains(" rows of 1 accounts, each opened and right"));
    assertTrue(users("new").contains("Alice"));
    assertFalse(users("new").contains("Bob"));
    assertFalse(Files.exists(path("data").resolve("backup.tmp")));
  }

  @Test
  void withItsKeysABackupNeedsNothingElse() throws IOException {
    addUser("Alice");
    assertTrue(backup("copy", "--with-keys").out().contains("THE KEYS ARE IN IT"));
    Trees.delete(path("data"));
    ok(restoring("copy", "new"));
    assertTrue(users("new").contains("Alice"));
  }

  @Test
  void nothingIsOverwrittenAndNothingIsGuessed() throws IOException {
    addUser("Alice");
    backup("copy");
    assertEquals(
        "starling: /copy is there already, and nothing is overwritten: name another",
        refusal("backup", path("copy").toString(), "--data", path("data").toString()));
    assertEquals(
        "starling: /data is there already, and nothing is overwritten: name another",
        refusal(restoring("copy", "data", "--keys", path("data").toString())));
    assertEquals(
        "starling: the keys are not in this backup: name the folder that has keys, server.pem and"
            + " secret by --keys",
        refusal(restoring("copy", "new")));
    assertEquals(
        "starling: /data is no whole backup, it lacks the file BACKUP: name the folder that"
            + " starling backup made",
        refusal(restoring("data", "new")));
    Files.delete(path("copy").resolve("public.pem"));
    assertEquals(
        "starling: the backup lacks its file public.pem: take another",
        refusal(restoring("copy", "new", "--keys", path("data").toString())));
    assertFalse(Files.exists(path("new")));
    assertFalse(Files.exists(path("new.partial")));
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    addUser("Alice");
    backup("copy", "--with-keys");
    for (Path file : Trees.files(path("copy"))) {
      byte[] right = Files.readAllBytes(file);
      for (int at : new int[] {0, right.length / 2, right.length - 1}) {
        if (right.length > 0) {
          byte[] flipped = right.clone();
          flipped[at] ^= 1;
          Files.write(file, flipped);
          refusal(restoring("copy", "new"));
          assertFalse(Files.exists(path("new")), file + " at " + at);
        }
      }
      Files.write(file, right);
    }
    ok(restoring("copy", "new"));
  }

  @Test
  void keysRotateWhileTheServerServesAndAnOldBackupNeedsItsOldKeys() throws Exception {
    Path data = path("data");
    Path kept = path("kept");
    addUser("Alice");
    backup("before");
    Files.createDirectory(kept);
    for (Path secret : new DataFolder(data).secrets()) {
      Files.copy(
          secret,
          kept.resolve(secret.getFileName()),
          java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    assertEquals(
        "Rows are sealed with key 1, all of them.\n",
        ok("key", "list", "--data", data.toString()).out());
    String rotated = ok("key", "rotate", "--data", data.toString()).out();
    assertTrue(rotated.startsWith("Rows are sealed with key 2; some still with 1: "), rotated);
    try (Wiring wiring =
        new Wiring(new DataFolder(data), Configuration.of(Map.of("listen", "127.0.0.1:0")))) {
      wiring.start();
      String all = "Rows are sealed with key 2, all of them.\n";
      for (int i = 0; !ok("key", "list", "--data", data.toString()).out().equals(all); i++) {
        assertTrue(i < 3_000, "it goes on by itself");
        Thread.sleep(10);
      }
      assertTrue(users("data").contains("Alice"));
    }
    assertTrue(users("data").contains("Alice"));
    assertEquals(
        "starling: the keys are not those of this store: put the right key file in place",
        refusal(restoring("before", "new", "--keys", data.toString())));
    ok(restoring("before", "new", "--keys", kept.toString()));
    assertTrue(users("new").contains("Alice"));
  }
}

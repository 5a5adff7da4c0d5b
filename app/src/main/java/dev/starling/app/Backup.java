package dev.starling.app;

import dev.starling.mtproto.Env;
import dev.starling.store.KeyRotation;
import dev.starling.store.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Copies the data into a folder while the server serves. Rows stay sealed. The keys go with them
 * only on demand: apart, neither a lost backup nor lost keys tell anything.
 */
final class Backup {
  private final DataFolder data;
  private final RocksStore store;
  private final KeyRotation rotation;
  private final Env env;
  private final ReentrantLock one = new ReentrantLock();

  Backup(DataFolder data, RocksStore store, KeyRotation rotation, Env env) {
    this.data = data;
    this.store = store;
    this.rotation = rotation;
    this.env = env;
  }

  void register(Operations operations) {
    operations.on("backup", this::make);
  }

  private Map<String, Object> make(Map<String, Object> request) {
    Path target = Path.of(Operations.text(request, "folder"));
    boolean withKeys = Boolean.TRUE.equals(request.get("keys"));
    if (!one.tryLock()) {
      throw new Problem("another backup is under way: wait until it has ended");
    }
    try {
      List<BackupList> made = new ArrayList<>();
      Trees.make(target, partial -> made.add(fill(partial, withKeys)));
      BackupList list = made.getFirst();
      remember();
      return Json.object(
          "folder", target.toString(),
          "files", list.files().size(),
          "bytes", list.bytes(),
          "made", list.made(),
          "keys", withKeys);
    } finally {
      one.unlock();
    }
  }

  /** For doctor, which tells when backups grow old. */
  private void remember() {
    try {
      Files.writeString(data.lastBackup(), "");
    } catch (IOException _) {
      // The backup is as good.
    }
  }

  private BackupList fill(Path partial, boolean withKeys) throws IOException {
    Path links = data.root().resolve("backup.tmp"); // the tables' bytes are shared until copied
    Trees.delete(links);
    List<BackupList.Entry> files = new ArrayList<>();
    try {
      // Rows and keys must fit each other: no key comes or goes between the two copies.
      long made =
          rotation.whileKeysStay(
              () -> {
                long now = env.unixSeconds();
                store.checkpoint(links);
                for (Path file : withKeys ? data.secrets() : List.<Path>of()) {
                  files.add(copy(file, partial, file.getFileName().toString()));
                }
                return now;
              });
      for (Path file : data.open()) {
        if (Files.exists(file)) {
          files.add(copy(file, partial, file.getFileName().toString()));
        }
      }
      Files.createDirectory(partial.resolve("store"));
      for (Path file : Trees.files(links)) {
        files.add(copy(file, partial, "store/" + file.getFileName()));
      }
      BackupList.sync(partial.resolve("store"));
      BackupList list = new BackupList(made, VersionCommand.version(), files);
      Files.writeString(partial.resolve(BackupList.NAME), list.text());
      BackupList.sync(partial.resolve(BackupList.NAME));
      return list;
    } finally {
      Trees.delete(links);
    }
  }

  private static BackupList.Entry copy(Path from, Path partial, String name) {
    try {
      return BackupList.copy(from, partial.resolve(name), name);
    } catch (IOException e) {
      throw new Problem("cannot copy %s: %s".formatted(from, DataFolder.reason(e)), e);
    }
  }
}

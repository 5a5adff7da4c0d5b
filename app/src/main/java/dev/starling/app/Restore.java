package dev.starling.app;

import dev.starling.messenger.Resync;
import dev.starling.mtproto.Env;
import dev.starling.store.FileKeyRing;
import dev.starling.store.RawStore;
import dev.starling.store.RocksStore;
import dev.starling.store.SealedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a data folder out of a backup: checks every file and opens every row before anything
 * counts, and lets no client be confused by the older state ({@link Resync}).
 */
record Restore(Path backup, @Nullable Path keys, DataFolder target, Env env) {
  private static final int PAGE_ROWS = 1_000;
  private static final int PAGE_BYTES = 4 << 20;

  /** What was restored. */
  record Done(BackupList list, long rows, int accounts) {}

  Done run() {
    BackupList list = BackupList.read(backup);
    Done[] done = new Done[1];
    Trees.make(
        target.root(),
        partial -> {
          DataFolder data = new DataFolder(partial);
          copy(list, partial);
          bringKeys(list, data);
          done[0] = open(list, data);
          Trees.delete(data.libraries());
        });
    return done[0];
  }

  private void copy(BackupList list, Path partial) throws IOException {
    Files.createDirectory(partial.resolve("store"));
    for (BackupList.Entry file : list.files()) {
      Path from = backup.resolve(file.name()).normalize();
      if (!from.startsWith(backup.normalize()) || !Files.isRegularFile(from)) {
        throw new Problem("the backup lacks its file %s: take another".formatted(file.name()));
      }
      if (!BackupList.copy(from, partial.resolve(file.name()), file.name()).equals(file)) {
        throw new Problem(
            "the backup's file %s is not what was written: take another".formatted(file.name()));
      }
    }
    BackupList.sync(partial.resolve("store"));
  }

  /** The keys that the backup left out, from where they were kept. */
  private void bringKeys(BackupList list, DataFolder data) throws IOException {
    for (Path secret : data.secrets()) {
      String name = secret.getFileName().toString();
      if (list.has(name)) {
        continue;
      }
      if (keys == null) {
        throw new Problem(
            "the keys are not in this backup: name the folder that has %s by --keys"
                .formatted(names(data)));
      }
      Path from = keys.resolve(name);
      if (!Files.isRegularFile(from)) {
        throw new Problem(
            "%s is not there, and without it nothing can be restored".formatted(from));
      }
      BackupList.copy(from, secret, name);
    }
  }

  static String names(DataFolder data) {
    List<String> names = data.secrets().stream().map(p -> p.getFileName().toString()).toList();
    return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  private Done open(BackupList list, DataFolder data) {
    FileKeyRing ring = FileKeyRing.openOrCreate(data.keys(), data.store(), env.random());
    Identity.openOrCreate(data, env.random());
    try (RocksStore raw = RocksStore.open(data.store(), data.libraries())) {
      SealedStore sealed = new SealedStore(raw, ring, env.random());
      long rows = check(raw, sealed);
      Duration age = Duration.ofSeconds(env.unixSeconds() - list.made());
      return new Done(list, rows, Resync.apply(sealed, age));
    }
  }

  /** Opens every row. */
  private static long check(RawStore raw, SealedStore sealed) {
    long rows = 0;
    byte[] at = {};
    while (true) {
      List<RawStore.Placed> page = raw.walk(at, PAGE_ROWS, PAGE_BYTES);
      if (page.isEmpty()) {
        return rows;
      }
      for (RawStore.Placed placed : page) {
        var _ = sealed.get(placed.partition(), placed.row().key());
      }
      rows += page.size();
      at = page.getLast().position();
    }
  }
}

package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static dev.starling.store.Text.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the world around a data folder can do to it. Tests that mount a small disk need root, and
 * are skipped without.
 */
class FolderTest {
  private static final Partition ALICE = Partition.of("account", 1);

  @TempDir Path folder;

  private boolean mounted;

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", folder.toString());
    }
  }

  private Store open() {
    return RocksStore.open(folder.resolve("data"), RocksStoreTest.LIBRARIES);
  }

  @Test
  void aFolderOfAnotherProcessIsRefused() throws Exception {
    Process other = Forked.start(Writers.class, folder.resolve("data"));
    try (BufferedReader out = other.inputReader()) {
      out.readLine(); // its first acknowledgement: it is open
      var refused = assertThrows(StoreException.Unavailable.class, this::open);
      assertEquals(
          "the data folder %s is in use by another starling process (pid %d): stop it, or use another folder"
              .formatted(folder.resolve("data"), other.pid()),
          refused.getMessage());
      other.destroyForcibly();
      other.waitFor();
    }
    open().close();
  }

  @Test
  void aReadOnlyFolderIsRefused() throws Exception {
    mount("size=8m");
    open().close();
    assertTrue(run("mount", "-o", "remount,ro", folder.toString()));
    var refused = assertThrows(StoreException.Unavailable.class, this::open);
    assertEquals(
        "the data folder "
            + folder.resolve("data")
            + " cannot be written: make it writable, or use another folder",
        refused.getMessage());
  }

  @Test
  void aFullDiskStopsCommitsOnlyUntilThereIsSpace() throws Exception {
    mount("size=8m");
    List<Integer> acknowledged = new ArrayList<>();
    try (Store store = open()) {
      Lease lease = store.acquire(ALICE);
      Path ballast = folder.resolve("ballast");
      Files.write(ballast, new byte[5 << 20]);
      StoreException.Full full = fill(store, lease, acknowledged);
      assertEquals(
          "the disk of " + folder.resolve("data") + " is full: free some space", full.getMessage());
      assertThrows(StoreException.Full.class, () -> put(store, lease, 999));
      check(store, acknowledged);
      Files.delete(ballast);
      put(store, lease, 1_000);
      acknowledged.add(1_000);
      check(store, acknowledged);
    }
    try (Store store = open()) {
      check(store, acknowledged);
    }
  }

  private static StoreException.Full fill(Store store, Lease lease, List<Integer> acknowledged) {
    for (int i = 0; i < 500; i++) {
      try {
        put(store, lease, i);
        acknowledged.add(i);
      } catch (StoreException.Full full) {
        return full;
      }
    }
    throw new AssertionError("the disk never filled");
  }

  private static void put(Store store, Lease lease, int i) {
    byte[] value = new byte[40_000];
    value[0] = (byte) i;
    store.commit(new Batch().put(lease, bytes("a" + i), value).put(lease, bytes("b" + i), value));
  }

  /** Acknowledged rows are there; the others whole or not at all. */
  private static void check(Store store, List<Integer> acknowledged) {
    for (int i = 0; i <= 1_000; i++) {
      byte[] a = store.get(ALICE, bytes("a" + i));
      assertEquals(text(a), text(store.get(ALICE, bytes("b" + i))));
      assertTrue(a == null ? !acknowledged.contains(i) : a[0] == (byte) i, "row " + i);
    }
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    open().close();
    Path mark = folder.resolve("data").resolve("MARK");
    try (FileChannel file =
        FileChannel.open(mark, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int slot = 0; slot < 2; slot++) {
        ByteBuffer bytes = ByteBuffer.allocate(512);
        file.read(bytes, slot * 512L);
        bytes.putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, 48);
        bytes.putInt(48, (int) crc.getValue());
        file.write(bytes.flip(), slot * 512L);
      }
    }
    var refused = assertThrows(StoreException.Newer.class, this::open);
    assertEquals(
        folder.resolve("data") + " has format 2, this program knows 1: use the newer program",
        refused.getMessage());
  }

  @Test
  void aCrashWhileTheStoreIsMadeLeavesOneThatOpens() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectory(data);
    Mark.open(data).close(); // the first thing that is made
    open().close();
    Files.delete(data.resolve("MARK"));
    Path other = folder.resolve("other");
    Files.createDirectory(other);
    Mark.open(other).close();
    Files.move(
        other.resolve("MARK"),
        data.resolve("MARK")); // as when RocksDB was made and the mark not yet written
    try (Store store = open()) {
      store.acquire(ALICE);
    }
  }

  @Test
  void aStoreWithoutItsMarkIsRefused() throws IOException {
    open().close();
    Files.delete(folder.resolve("data").resolve("MARK"));
    assertThrows(StoreException.Corrupt.class, this::open);
  }

  private void mount(String options) throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", options, "none", folder.toString());
    assumeTrue(mounted, "no right to mount a disk");
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException _) {
      return false; // no such command
    }
  }
}

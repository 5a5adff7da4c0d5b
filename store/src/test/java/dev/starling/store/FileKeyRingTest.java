package dev.starling.store;

import static dev.starling.store.Text.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyRingTest {
  private static final Partition ALICE = Partition.of("account", 1);

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("keys");
  }

  private FileKeyRing open() {
    return FileKeyRing.openOrCreate(file, folder.resolve("store"), new Random(1));
  }

  @Test
  void theKeysOutliveTheProcess() throws IOException {
    FileKeyRing made = open();
    FileKeyRing read = FileKeyRing.openOrCreate(file, folder.resolve("store"), new Random(2));
    assertEquals(1, read.newestEpoch());
    assertArrayEquals(
        made.partitionKey(1, ALICE).getEncoded(), read.partitionKey(1, ALICE).getEncoded());
    assertArrayEquals(made.index("phone", bytes("888")), read.index("phone", bytes("888")));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(List.of(file), Images.files(folder), "nothing else is left");
  }

  @Test
  void derivedBytesDifferByAllThatGoesIn() {
    FileKeyRing ring = open();
    List<byte[]> all =
        List.of(
            ring.partitionKey(1, ALICE).getEncoded(),
            ring.partitionKey(1, Partition.of("account", 2)).getEncoded(),
            ring.index("phone", bytes("888")),
            ring.index("phone8", bytes("88")),
            ring.index("username", bytes("888")));
    assertEquals(all.size(), all.stream().map(Arrays::toString).distinct().count());
    assertTrue(all.stream().allMatch(bytes -> bytes.length == 32));
    assertThrows(StoreException.Corrupt.class, () -> ring.partitionKey(2, ALICE));
  }

  @Test
  void severalEpochsAreReadable() throws IOException {
    FileKeyRing ring = open();
    List<String> lines = Files.readAllLines(file);
    String second = lines.get(2).replace("epoch 1 ", "epoch 2 ").replaceAll("..$", "00");
    Files.writeString(
        file, withCheck(String.join("\n", lines.get(0), lines.get(1), second, lines.get(2))));
    FileKeyRing rotated = open();
    assertEquals(2, rotated.newestEpoch());
    assertArrayEquals(
        ring.partitionKey(1, ALICE).getEncoded(), rotated.partitionKey(1, ALICE).getEncoded());
    assertFalse(
        Arrays.equals(
            rotated.partitionKey(1, ALICE).getEncoded(),
            rotated.partitionKey(2, ALICE).getEncoded()));
  }

  private static String withCheck(String body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(body));
      return body + "\ncheck " + HexFormat.of().formatHex(hash) + "\n";
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    open();
    byte[] right = Files.readAllBytes(file);
    for (int bit = 0; bit < right.length * Byte.SIZE; bit += 5) {
      byte[] flipped = right.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, flipped);
      try {
        byte[] index = open().index("phone", bytes("888"));
        Files.write(file, right);
        assertArrayEquals(open().index("phone", bytes("888")), index, "bit " + bit);
      } catch (StoreException.Corrupt e) {
        assertEquals(
            "the key file " + file + " is damaged: put a copy of it in place", e.getMessage());
      }
    }
    Files.writeString(file, "");
    assertThrows(StoreException.Corrupt.class, this::open);
  }

  @Test
  void aFileOpenToOthersIsRefused() throws IOException {
    open();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    var refused = assertThrows(StoreException.Unavailable.class, this::open);
    assertEquals(
        "the key file "
            + file
            + " is open to others (rw-r-----): chmod 600 it, and think about who may have read it",
        refused.getMessage());
  }

  @Test
  void missingKeysBesideAStoreAreNeverMadeAnew() {
    Path store = folder.resolve("store");
    RocksStore.open(store, RocksStoreTest.LIBRARIES).close();
    var refused = assertThrows(StoreException.Corrupt.class, this::open);
    assertEquals(
        "the key file "
            + file
            + " is missing, and without it "
            + store
            + " cannot be read: put it back",
        refused.getMessage());
    assertFalse(Files.exists(file));
  }

  @Test
  void noKeyIsPrinted() throws IOException {
    assertEquals("keys of epochs [1] from " + file, open().toString());
  }
}

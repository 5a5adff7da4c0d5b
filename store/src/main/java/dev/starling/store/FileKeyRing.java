package dev.starling.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a file that only its owner may read:
 *
 * <pre>
 * starling keys 1
 * index 64 hex digits
 * epoch 1 64 hex digits
 * check SHA-256 of the lines above, 64 hex digits
 * </pre>
 *
 * Partition keys are HKDF-Expand (RFC 5869) of the epoch's key. The check finds a flipped bit in
 * the index key, which nothing else would: look-ups would just find nothing. A change replaces the
 * file whole. Thread-safe.
 */
public final class FileKeyRing implements KeyRing {
  private static final String TITLE = "starling keys 1";
  private static final int KEY_BYTES = 32;

  /** A file of more bytes is not ours: a line for each of a thousand epochs. */
  private static final int FILE_BYTES_MAX = 100_000;

  private final Path file;
  private final Mac index; // only ever copied, as its key stays
  private volatile Lines lines;

  /** What the file says. */
  private record Lines(SecretKey index, NavigableMap<Integer, SecretKey> epochs) {
    static Lines parse(List<String> body) {
      NavigableMap<Integer, SecretKey> epochs = new TreeMap<>();
      for (String line : body.subList(2, body.size())) {
        String[] words = words(line, "epoch", 3);
        epochs.put(Integer.parseInt(words[1]), key(words[2]));
      }
      if (epochs.isEmpty()) {
        throw new IllegalArgumentException("no epoch");
      }
      return new Lines(key(words(body.get(1), "index", 2)[1]), epochs);
    }

    String text() {
      List<String> body = new ArrayList<>(List.of(TITLE, "index " + hex(index)));
      epochs.forEach((epoch, key) -> body.add("epoch " + epoch + " " + hex(key)));
      return String.join("\n", body) + "\ncheck " + check(body) + "\n";
    }
  }

  private FileKeyRing(Path file, Lines lines) {
    this.file = file;
    this.lines = lines;
    try {
      index = Mac.getInstance("HmacSHA256");
      index.init(lines.index);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  /**
   * Reads the keys, or makes the first ones for a store that does not exist yet.
   *
   * @param file the key file
   * @param store the folder of the store that it belongs to
   * @throws StoreException.Corrupt if the file is damaged, or missing beside a store: new keys
   *     would not open its rows
   * @throws StoreException.Unavailable if the file can be read by others, or not by us
   */
  public static FileKeyRing openOrCreate(Path file, Path store, RandomGenerator random) {
    try {
      if (!Files.exists(file)) {
        if (RocksStore.exists(store)) {
          throw new StoreException.Corrupt(
              "the key file "
                  + file
                  + " is missing, and without it "
                  + store
                  + " cannot be read: put it back");
        }
        create(file, random);
      }
      return open(file);
    } catch (NoSuchFileException e) {
      throw new StoreException.Unavailable(
          "the key file " + file + " has no folder to be in: make the folder", e);
    } catch (IOException e) {
      throw Folder.failure(file, e);
    }
  }

  private static FileKeyRing open(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!permissions.stream().allMatch(permission -> permission.name().startsWith("OWNER_"))) {
      throw new StoreException.Unavailable(
          "the key file %s is open to others (%s): chmod 600 it, and think about who may have read it"
              .formatted(file, PosixFilePermissions.toString(permissions)));
    }
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw damaged(file, null);
    }
    List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    try {
      List<String> body = lines.subList(0, lines.size() - 1);
      if (!lines.getLast().equals("check " + check(body)) || !body.getFirst().equals(TITLE)) {
        throw damaged(file, null);
      }
      return new FileKeyRing(file, Lines.parse(body));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged(file, e);
    }
  }

  private static void create(Path file, RandomGenerator random) throws IOException {
    var epochs = new TreeMap<>(Map.of(1, fresh(random)));
    Path made = write(file, new Lines(fresh(random), epochs));
    try {
      Files.createLink(file, made); // whole or not at all, and never over another
    } catch (FileAlreadyExistsException _) {
      // Another process was first: its keys are as good.
    } finally {
      Files.delete(made);
    }
    Folder.sync(folder(file));
  }

  /** Writes and syncs a new file beside the key file; answers it. */
  private static Path write(Path file, Lines lines) throws IOException {
    Path made = Files.createTempFile(folder(file), "keys", ".new"); // 0600 by its contract
    try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(lines.text());
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      Files.delete(made);
      throw e;
    }
    return made;
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  private static SecretKey fresh(RandomGenerator random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return new SecretKeySpec(bytes, "Generic");
  }

  /** The epochs whose rows can be read, a copy. */
  public NavigableSet<Integer> epochs() {
    return new TreeSet<>(lines.epochs.keySet());
  }

  /**
   * Adds a key that new rows are sealed with from now on; the file has it before this returns.
   * Called by {@link KeyRotation}, which knows what is being sealed meanwhile.
   */
  synchronized void add(RandomGenerator random) {
    NavigableMap<Integer, SecretKey> epochs = new TreeMap<>(lines.epochs);
    epochs.put(epochs.lastKey() + 1, fresh(random));
    replace(new Lines(lines.index, epochs));
  }

  /** Keeps the newest key only: what older ones sealed is noise from now on, copies too. */
  synchronized void forgetOlder() {
    replace(new Lines(lines.index, new TreeMap<>(lines.epochs.tailMap(newestEpoch(), true))));
  }

  private void replace(Lines changed) {
    try {
      Files.move(write(file, changed), file, StandardCopyOption.ATOMIC_MOVE);
      Folder.sync(folder(file));
    } catch (IOException e) {
      throw Folder.failure(file, e);
    }
    lines = changed;
  }

  @Override
  public int newestEpoch() {
    return lines.epochs.lastKey();
  }

  @Override
  public SecretKey partitionKey(int epoch, Partition partition) {
    SecretKey key = lines.epochs.get(epoch);
    if (key == null) {
      throw new StoreException.Corrupt(
          file + " has no key of epoch " + epoch + ": put the right key file in place");
    }
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              "AES",
              HKDFParameterSpec.expandOnly(key, context("row", partition.nameBytes()), KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has HKDF", e);
    }
  }

  @Override
  public byte[] index(String purpose, byte[] value) {
    try {
      // A copy of one that has its key costs a tenth of a new one.
      return ((Mac) index.clone()).doFinal(context(purpose, value));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's HMAC-SHA256 can be copied", e);
    }
  }

  @Override
  public String toString() {
    return "keys of epochs " + lines.epochs.keySet() + " from " + file;
  }

  /** A purpose and a value as one string that no other pair gives: the purpose's length leads. */
  private static byte[] context(String purpose, byte[] value) {
    byte[] name = purpose.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + name.length + value.length)
        .putInt(name.length)
        .put(name)
        .put(value)
        .array();
  }

  private static StoreException damaged(Path file, @Nullable Exception cause) {
    return new StoreException.Corrupt(
        "the key file " + file + " is damaged: put a copy of it in place", cause);
  }

  private static String[] words(String line, String first, int count) {
    String[] words = line.split(" ", -1);
    if (words.length != count || !words[0].equals(first)) {
      throw new IllegalArgumentException("not a line of " + first);
    }
    return words;
  }

  private static SecretKey key(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + bytes.length + " bytes");
    }
    return new SecretKeySpec(bytes, "Generic");
  }

  private static String hex(SecretKey key) {
    return HexFormat.of().formatHex(key.getEncoded());
  }

  private static String check(List<String> body) {
    try {
      byte[] text = String.join("\n", body).getBytes(StandardCharsets.ISO_8859_1);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

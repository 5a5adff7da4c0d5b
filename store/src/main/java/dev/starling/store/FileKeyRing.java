package dev.starling.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 * the index key, which nothing else would: look-ups would just find nothing.
 */
public final class FileKeyRing implements KeyRing {
  private static final String TITLE = "starling keys 1";
  private static final int KEY_BYTES = 32;

  /** A file of more bytes is not ours: a line for each of a thousand epochs. */
  private static final int FILE_BYTES_MAX = 100_000;

  private final Path file;
  private final SecretKey index;
  private final Map<Integer, SecretKey> epochs = new HashMap<>();
  private int newest;

  private FileKeyRing(Path file, List<String> lines) {
    this.file = file;
    this.index = key(words(lines.get(1), "index", 2)[1]);
    for (String line : lines.subList(2, lines.size())) {
      String[] words = words(line, "epoch", 3);
      int epoch = Integer.parseInt(words[1]);
      epochs.put(epoch, key(words[2]));
      newest = Math.max(newest, epoch);
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
      return new FileKeyRing(file, body);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged(file, e);
    }
  }

  private static void create(Path file, RandomGenerator random) throws IOException {
    byte[] secrets = new byte[2 * KEY_BYTES];
    random.nextBytes(secrets);
    HexFormat hex = HexFormat.of();
    List<String> body =
        List.of(
            TITLE,
            "index " + hex.formatHex(secrets, 0, KEY_BYTES),
            "epoch 1 " + hex.formatHex(secrets, KEY_BYTES, secrets.length));
    String text = String.join("\n", body) + "\ncheck " + check(body) + "\n";
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path fresh = Files.createTempFile(folder, "keys", ".new"); // 0600 by its contract
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
      Files.createLink(file, fresh); // whole or not at all, and never over another
    } catch (FileAlreadyExistsException _) {
      // Another process was first: its keys are as good.
    } finally {
      Files.delete(fresh);
    }
    Folder.sync(folder);
  }

  @Override
  public int newestEpoch() {
    return newest;
  }

  @Override
  public SecretKey partitionKey(int epoch, Partition partition) {
    SecretKey key = epochs.get(epoch);
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
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(index);
      return mac.doFinal(context(purpose, value));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "keys of epochs " + epochs.keySet() + " from " + file;
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

  private static String check(List<String> body) {
    try {
      byte[] text = String.join("\n", body).getBytes(StandardCharsets.ISO_8859_1);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

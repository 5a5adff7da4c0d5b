package dev.starling.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a process did to a folder, as {@code recorder.c} wrote it down, played up to a moment; and
 * what a power cut at that moment may leave of the folder. A file's bytes are on the disk when a
 * sync of the file that began later has ended; a name is when its folder was synced so. What is not
 * may be there, or not, or in part: each sector of 512 bytes for itself.
 */
public final class Recording {
  private static final int SECTOR_BYTES = 512;

  /** What a disk may have done with what was not synced. */
  public enum Fate {
    LOST,
    KEPT,
    /** Names as they were at some moment, as a journal keeps them; sectors at random. */
    TORN,
    /** Each name and each sector at random. */
    SHUFFLED
  }

  /** A file or a folder, whatever names lead to it. */
  private static final class Node {
    final boolean folder;
    Bytes synced = new Bytes(new byte[0]);
    final List<Change> pending = new ArrayList<>();

    Node(boolean folder) {
      this.folder = folder;
    }

    void sync(long before) {
      for (Change change : List.copyOf(pending)) {
        if (change.at < before) {
          change.on(synced);
          pending.remove(change);
        }
      }
    }
  }

  /** What a file holds; grows by halves, as logs are written a little at a time. */
  private static final class Bytes {
    private byte[] data;
    private int length;

    Bytes(byte[] data) {
      this.data = data;
      this.length = data.length;
    }

    Bytes copy() {
      return new Bytes(array());
    }

    byte[] array() {
      return Arrays.copyOf(data, length);
    }

    void length(int changed) {
      if (changed > data.length) {
        data = Arrays.copyOf(data, changed + changed / 2);
      }
      if (changed < length) {
        Arrays.fill(data, changed, length, (byte) 0);
      }
      length = changed;
    }

    void write(int offset, byte[] bytes) {
      length(Math.max(length, offset + bytes.length));
      System.arraycopy(bytes, 0, data, offset, bytes.length);
    }
  }

  /** Bytes written, or, without bytes, a cut or extension to {@code offset}. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record Change(long at, long offset, byte @Nullable [] bytes) {
    void on(Bytes file) {
      if (bytes == null) {
        file.length((int) offset);
      } else {
        file.write((int) offset, bytes);
      }
    }

    /** The sectors of it that reached the disk. */
    List<Change> torn(Random random) {
      if (bytes == null) {
        return random.nextBoolean() ? List.of(this) : List.of();
      }
      int whole = random.nextInt(4); // else a long write would never be whole, or wholly absent
      List<Change> kept = new ArrayList<>();
      for (int from = 0; from < bytes.length; ) {
        long sectorEnd = (offset + from) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES;
        int to = (int) Math.min(bytes.length, sectorEnd - offset);
        if (whole == 0 || (whole != 1 && random.nextInt(4) > 0)) {
          kept.add(new Change(at, offset + from, Arrays.copyOfRange(bytes, from, to)));
        }
        from = to;
      }
      return kept;
    }
  }

  /** A change of names: {@code from} leads nowhere, {@code to} leads to the node. */
  private record Naming(long at, @Nullable String from, @Nullable String to, @Nullable Node node) {
    void on(Map<String, Node> names) {
      if (from != null) {
        names.remove(from);
      }
      if (to != null && node != null) {
        names.put(to, node);
      }
    }

    boolean isIn(String folder) {
      return (from != null && parent(from).equals(folder))
          || (to != null && parent(to).equals(folder));
    }
  }

  private final ByteBuffer log;
  private final Map<Long, Node> byInode = new HashMap<>();
  private final Map<String, Node> visible = new HashMap<>();
  private final Map<String, Node> synced = new TreeMap<>();
  private final List<Naming> pending = new ArrayList<>();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** A folder before the process began, all of it on the disk: by name, inodes and bytes. */
  public record Start(Map<String, Long> inodes, Map<String, byte[]> files) {
    public static Start of(Path folder) throws IOException {
      Start start = new Start(new TreeMap<>(), new HashMap<>());
      try (var paths = Files.walk(folder)) {
        for (Path path : paths.filter(path -> !path.equals(folder)).toList()) {
          String name = "/" + folder.relativize(path);
          start.inodes.put(name, (Long) Files.getAttribute(path, "unix:ino"));
          if (!Files.isDirectory(path)) {
            start.files.put(name, Files.readAllBytes(path));
          }
        }
      }
      return start;
    }
  }

  public Recording(Path log, Start start) throws IOException {
    this.log = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.LITTLE_ENDIAN);
    start.inodes.forEach(
        (name, inode) -> {
          byte[] bytes = start.files.get(name);
          Node node = new Node(bytes == null);
          node.synced = bytes == null ? node.synced : new Bytes(bytes);
          byInode.put(inode, node);
          visible.put(name, node);
          synced.put(name, node);
        });
  }

  public int length() {
    return log.limit();
  }

  /** What the process had printed until then. */
  String output() {
    return output.toString(StandardCharsets.ISO_8859_1);
  }

  /** Goes on to the last whole record before {@code end}. */
  public void playTo(int end) {
    while (log.position() + 4 <= end) {
      int at = log.position();
      int length = log.getInt(at);
      if (at + 4 + length > end) {
        return;
      }
      log.position(at + 4);
      char kind = (char) log.get();
      long a = log.getLong();
      long b = log.getLong();
      String first = name();
      String second = name();
      byte[] bytes = new byte[at + 4 + length - log.position()];
      log.get(bytes);
      play(at, kind, a, b, first, second, bytes);
    }
  }

  private String name() {
    byte[] name = new byte[Short.toUnsignedInt(log.getShort())];
    log.get(name);
    return new String(name, StandardCharsets.UTF_8);
  }

  private void play(long at, char kind, long a, long b, String first, String second, byte[] bytes) {
    switch (kind) {
      case 'c' -> {
        if (!visible.containsKey(first)) { // an inode's number is used again when it is free
          Node node = new Node(false);
          byInode.put(a, node);
          name(new Naming(at, null, first, node));
        }
      }
      case 'm' -> name(new Naming(at, null, first, new Node(true)));
      case 'l' -> name(new Naming(at, null, first, byInode.get(a)));
      case 'u' -> name(new Naming(at, first, null, null));
      case 'r' -> name(new Naming(at, first, second, visible.get(first)));
      case 'w' -> node(a).pending.add(new Change(at, b, bytes));
      case 't' -> node(a).pending.add(new Change(at, b, null));
      case 's' -> node(a).sync(b);
      case 'd' -> {
        for (Naming naming : List.copyOf(pending)) {
          if (naming.at < b && naming.isIn(first)) {
            naming.on(synced);
            pending.remove(naming);
          }
        }
      }
      case 'b' -> {}
      case 'o' -> output.writeBytes(bytes);
      default -> throw new AssertionError("a record of kind " + kind);
    }
  }

  private Node node(long inode) {
    return byInode.computeIfAbsent(inode, _ -> new Node(false));
  }

  private void name(Naming naming) {
    naming.on(visible);
    pending.add(naming);
  }

  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('/'));
  }

  /** Writes what a power cut now may leave. */
  public void image(Path target, Fate fate, Random random) throws IOException {
    Map<String, Node> names = new TreeMap<>(synced);
    int first = random.nextInt(pending.size() + 1);
    for (int i = 0; i < pending.size(); i++) {
      boolean kept =
          switch (fate) {
            case LOST -> false;
            case KEPT -> true;
            case TORN -> i < first;
            case SHUFFLED -> random.nextBoolean();
          };
      if (kept) {
        pending.get(i).on(names);
      }
    }
    Files.createDirectories(target);
    for (var entry : names.entrySet()) { // a folder comes before what is in it
      Path path = target.resolve(entry.getKey().substring(1));
      if (!Files.isDirectory(Objects.requireNonNull(path.getParent()))) {
        continue; // the folder's own name was lost
      }
      if (entry.getValue().folder) {
        Files.createDirectory(path);
      } else {
        Files.write(path, bytes(entry.getValue(), fate, random));
      }
    }
  }

  private static byte[] bytes(Node file, Fate fate, Random random) {
    Bytes bytes = file.synced.copy();
    for (Change change : fate == Fate.LOST ? List.<Change>of() : file.pending) {
      List<Change> kept = fate == Fate.KEPT ? List.of(change) : change.torn(random);
      for (Change part : kept) {
        part.on(bytes);
      }
    }
    return bytes.array();
  }
}

package dev.starling.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The file {@code BACKUP} of a backup, which is written last: a folder without it is no backup.
 *
 * <pre>
 * starling backup 1
 * made UNIX_SECONDS by VERSION
 * file SHA256 BYTES NAME          each file of the folder
 * check SHA256                    of the lines above
 * </pre>
 *
 * @param made when the copy was consistent, Unix seconds
 */
record BackupList(long made, String version, List<Entry> files) {
  static final String NAME = "BACKUP";
  private static final String TITLE = "starling backup 1";

  /** A line for each of the 100,000 tables that 6 TB have. */
  private static final int BYTES_MAX = 16 << 20;

  /** A file and what it must hold. */
  record Entry(String sha256, long bytes, String name) {}

  long bytes() {
    return files.stream().mapToLong(Entry::bytes).sum();
  }

  boolean has(String name) {
    return files.stream().anyMatch(file -> file.name.equals(name));
  }

  String text() {
    StringBuilder body = new StringBuilder("%s\nmade %d by %s\n".formatted(TITLE, made, version));
    for (Entry file : files) {
      body.append("file %s %d %s\n".formatted(file.sha256, file.bytes, file.name));
    }
    return body + "check " + hex(sha256().digest(bytes(body.toString()))) + "\n";
  }

  /** Reads the list of a backup. */
  static BackupList read(Path backup) {
    Path path = backup.resolve(NAME);
    try {
      if (!Files.isRegularFile(path)) {
        throw new Problem(
            "%s is no whole backup, it lacks the file %s: name the folder that starling backup made"
                .formatted(backup, NAME));
      }
      if (Files.size(path) > BYTES_MAX) {
        throw damaged(path);
      }
      return parse(path, Files.readString(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Problem("cannot read %s: %s".formatted(path, DataFolder.reason(e)), e);
    }
  }

  private static BackupList parse(Path path, String text) {
    int end = text.lastIndexOf("check ");
    if (end < 0
        || !text.substring(end)
            .equals("check " + hex(sha256().digest(bytes(text.substring(0, end)))) + "\n")) {
      throw damaged(path);
    }
    List<String> lines = text.substring(0, end).lines().toList();
    if (!lines.getFirst().equals(TITLE)) {
      throw new Problem(path + " is of a newer Starling: restore it with that one");
    }
    String[] made = lines.get(1).split(" ", 4);
    List<Entry> files = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      String[] words = line.split(" ", 4);
      files.add(new Entry(words[1], Long.parseLong(words[2]), words[3]));
    }
    return new BackupList(Long.parseLong(made[1]), made[3], files);
  }

  private static Problem damaged(Path path) {
    return new Problem(path + " is damaged: take another backup");
  }

  /** Copies a file, syncs the copy, and tells what it holds. */
  static Entry copy(Path from, Path to, String name) throws IOException {
    MessageDigest digest = sha256();
    Files.createFile(
        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    long bytes;
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
      bytes = in.transferTo(out);
    }
    sync(to);
    return new Entry(hex(digest.digest()), bytes, name);
  }

  /** Makes a file durable, or the names in a folder. */
  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

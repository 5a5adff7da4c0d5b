package dev.starling.client;

import dev.starling.mtproto.AuthKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session at rest, in a file that only its owner can read: five lines of text. Whoever has the
 * file speaks as the account.
 *
 * @param position how far the updates were told; null when they were not
 */
public record SavedSession(Credentials credentials, @Nullable Position position) {
  private static final String HEADER = "starling session 1";
  private static final int LINES = 5;

  /** The longest file that {@link #save} writes is far below it. */
  private static final int FILE_BYTES_MAX = 4 << 10;

  /**
   * Reads what {@link #save} wrote; empty if there is no file.
   *
   * @throws IOException if the file cannot be read or is no session
   */
  public static Optional<SavedSession> load(Path file) throws IOException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IOException(file + " is no saved session");
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
      return Optional.of(parse(lines));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException _) {
      throw new IOException(file + " is no saved session");
    }
  }

  private static SavedSession parse(List<String> lines) {
    if (lines.size() != LINES || !lines.getFirst().equals(HEADER)) {
      throw new IllegalArgumentException();
    }
    AuthKey key = new AuthKey(HexFormat.of().parseHex(lines.get(1)));
    Credentials credentials =
        new Credentials(key, Long.parseLong(lines.get(2)), Long.parseLong(lines.get(3)));
    if (lines.get(4).isEmpty()) {
      return new SavedSession(credentials, null);
    }
    String[] numbers = lines.get(4).split(" ", -1);
    if (numbers.length != 3) {
      throw new IllegalArgumentException();
    }
    return new SavedSession(
        credentials,
        new Position(
            Integer.parseInt(numbers[0]),
            Integer.parseInt(numbers[1]),
            Integer.parseInt(numbers[2])));
  }

  /** Writes the file, whole or not at all. */
  public void save(Path file) throws IOException {
    Position at = position;
    String text =
        String.join(
            "\n",
            HEADER,
            HexFormat.of().formatHex(credentials.key().key256()),
            Long.toString(credentials.salt()),
            Long.toString(credentials.timeOffsetMillis()),
            at == null ? "" : at.pts() + " " + at.qts() + " " + at.date(),
            "");
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (var out =
        Files.newByteChannel(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

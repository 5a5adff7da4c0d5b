package dev.starling.app;

import dev.starling.mtproto.Front;
import dev.starling.mtproto.ProxySecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fronts of a service, a file of a line each: name, the secret of its links, the secrets of its
 * cells. Read when the server starts.
 */
final class Fronts {
  private static final int SECRET_BYTES = 16;
  private static final int NAME_CHARACTERS_MAX = 32;

  private Fronts() {}

  /**
   * Reads all.
   *
   * @throws Problem naming the line that is wrong
   */
  static List<Front> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Front> fronts = new ArrayList<>();
    int number = 0;
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          fronts.add(parse(line.strip().split("\\s+", -1)));
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Problem(
          "%s, line %d is no front (NAME LINK-SECRET CELL-SECRET...): mend or remove it"
              .formatted(file, number),
          e);
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
    return fronts;
  }

  private static Front parse(String[] words) {
    List<ProxySecret> cells = Arrays.stream(words).skip(2).map(ProxySecret::parse).toList();
    return new Front(words[0], ProxySecret.parse(words[1]), cells);
  }

  /** Adds one with a cell; it counts from the server's next start. */
  static Front add(Path file, String name, String domain, RandomGenerator random) {
    if (name.length() > NAME_CHARACTERS_MAX || !name.matches("[\\p{Alnum}._-]+")) {
      throw new Problem(
          "'%s' is no name: 1 to 32 letters, digits, dashes, dots or underscores"
              .formatted(Harmless.line(name)));
    }
    List<Front> fronts = read(file);
    if (fronts.stream().anyMatch(front -> front.name().equals(name))) {
      throw new Problem("there is a front called %s already: choose another name".formatted(name));
    }
    Front added =
        new Front(
            name,
            new ProxySecret(bytes(random), ProxySecret.Kind.FAKE_TLS, domain),
            List.of(new ProxySecret(bytes(random), ProxySecret.Kind.PLAIN)));
    PrivateFile.replace(
        file,
        Stream.concat(fronts.stream(), Stream.of(added))
            .map(Fronts::format)
            .collect(Collectors.joining("\n")));
    return added;
  }

  private static byte[] bytes(RandomGenerator random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String format(Front front) {
    return front.name()
        + " "
        + front.secret().format()
        + front.cells().stream().map(cell -> " " + cell.format()).collect(Collectors.joining());
  }
}

package dev.starling.app;

import dev.starling.mtproto.ServerKey;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The RSA keys by which clients know a service, the newest first. It alone is announced; the others
 * are for clients that were given them before, until their time is over or they are taken out.
 *
 * <p>In the file they stand one after another as PEM, which allows lines of text between keys (RFC
 * 7468, section 2): {@code accepted until 2027-01-01T00:00:00Z} above a key ends it then.
 *
 * @param list 1 to {@value #KEYS_MAX}
 */
record ServerKeys(List<Kept> list) {
  /** A client is told all of them in each handshake, and hardly ever one of many years ago. */
  static final int KEYS_MAX = 8;

  private static final String UNTIL = "accepted until ";
  private static final String END = "-----END PRIVATE KEY-----";

  /**
   * A key of the service.
   *
   * @param until null when nobody has said when it ends
   */
  record Kept(ServerKey key, @Nullable Instant until) {}

  ServerKeys {
    list = List.copyOf(list);
    if (list.isEmpty() || list.size() > KEYS_MAX) {
      throw new IllegalArgumentException("1 to " + KEYS_MAX + " keys, not " + list.size());
    }
  }

  /** Those of a new service. */
  static ServerKeys generate(RandomGenerator random) {
    return new ServerKeys(List.of(new Kept(ServerKey.generate(random), null)));
  }

  /**
   * Reads what {@link #format()} writes; a file of one key alone is one.
   *
   * @throws IllegalArgumentException if the text is nothing of the kind
   */
  static ServerKeys parse(String text) {
    List<Kept> keys = new ArrayList<>();
    StringBuilder pem = new StringBuilder();
    Instant until = null;
    for (String line : text.strip().lines().toList()) {
      if (line.startsWith(UNTIL)) {
        until = instant(line.substring(UNTIL.length()));
      } else {
        pem.append(line).append('\n');
      }
      if (line.equals(END)) {
        keys.add(new Kept(ServerKey.fromPem(pem.toString()), until));
        pem.setLength(0);
        until = null;
      }
    }
    if (!pem.isEmpty()) {
      throw new IllegalArgumentException("a key without its end");
    }
    return new ServerKeys(keys);
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time", e);
    }
  }

  String format() {
    StringBuilder text = new StringBuilder();
    for (Kept kept : list) {
      if (kept.until != null) {
        text.append(UNTIL).append(kept.until).append('\n');
      }
      text.append(kept.key.toPem()).append('\n');
    }
    return text.toString().strip();
  }

  /** The key that is announced, however old it is. */
  ServerKey newest() {
    return list.getFirst().key;
  }

  /** The keys that a client may choose now. */
  List<ServerKey> acceptedAt(Instant now) {
    return list.stream()
        .filter(kept -> kept.key == newest() || kept.until == null || now.isBefore(kept.until))
        .map(Kept::key)
        .toList();
  }

  /**
   * With a new key to be announced; that of now is accepted until {@code until}.
   *
   * @param until null for as long as it is not taken out
   * @throws IllegalArgumentException if there are too many then
   */
  ServerKeys rotated(ServerKey fresh, @Nullable Instant until) {
    return new ServerKeys(
        Stream.concat(
                Stream.of(new Kept(fresh, null), new Kept(newest(), until)), list.stream().skip(1))
            .toList());
  }

  /** Without an older key: clients that know no other find the service no more. */
  ServerKeys without(long fingerprint) {
    return new ServerKeys(
        list.stream()
            .filter(kept -> kept.key == newest() || kept.key.fingerprint() != fingerprint)
            .toList());
  }

  /** Puts them in the place of those in the file, whole or not at all. */
  void save(Path file) {
    PrivateFile.replace(file, format());
  }
}

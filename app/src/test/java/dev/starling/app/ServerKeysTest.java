package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.mtproto.ServerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerKeysTest {
  private static final Random RANDOM = new Random(5);
  private static final ServerKey OLD = ServerKey.generate(RANDOM);
  private static final ServerKey NEW = ServerKey.generate(RANDOM);
  private static final Instant END = Instant.parse("2027-01-01T00:00:00Z");

  private final ServerKeys first = ServerKeys.parse(OLD.toPem());
  private final ServerKeys rotated = first.rotated(NEW, END);

  private static List<Long> prints(List<ServerKey> keys) {
    return keys.stream().map(ServerKey::fingerprint).toList();
  }

  @Test
  void aFileOfOneKeyIsOne() {
    assertEquals(OLD.toPem(), first.format());
    assertEquals(OLD.fingerprint(), first.newest().fingerprint());
  }

  @Test
  void theNewestIsAnnouncedAndTheOlderAcceptedUntilItsEnd() {
    ServerKeys read = ServerKeys.parse(rotated.format());
    assertEquals(rotated.format(), read.format());
    assertEquals(NEW.fingerprint(), read.newest().fingerprint());
    List<Long> both = List.of(NEW.fingerprint(), OLD.fingerprint());
    assertEquals(both, prints(read.acceptedAt(END.minusSeconds(1))));
    assertEquals(List.of(NEW.fingerprint()), prints(read.acceptedAt(END)));
  }

  @Test
  void theNewestHasNoEnd() {
    ServerKeys late = ServerKeys.parse("accepted until " + END + "\n" + OLD.toPem());
    assertEquals(List.of(OLD.fingerprint()), prints(late.acceptedAt(END.plusSeconds(1))));
  }

  @Test
  void anOlderOneIsTakenOutTheNewestNot() {
    assertEquals(NEW.toPem(), rotated.without(OLD.fingerprint()).format());
    assertEquals(rotated.format(), rotated.without(NEW.fingerprint()).format());
  }

  @Test
  void nothingElseIsTaken() {
    for (String text :
        List.of("", "x", OLD.toPem() + "\nx", "accepted until soon\n" + OLD.toPem())) {
      assertThrows(IllegalArgumentException.class, () -> ServerKeys.parse(text));
    }
    ServerKeys many = first;
    for (int i = 1; i < ServerKeys.KEYS_MAX; i++) {
      many = many.rotated(NEW, null);
    }
    ServerKeys full = many;
    assertThrows(IllegalArgumentException.class, () -> full.rotated(NEW, null));
  }

  @Test
  void theFileIsReplacedForItsOwnersEyesOnly(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("server.pem");
    first.save(file);
    rotated.save(file);
    assertEquals(rotated.format(), ServerKeys.parse(Files.readString(file)).format());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }
}

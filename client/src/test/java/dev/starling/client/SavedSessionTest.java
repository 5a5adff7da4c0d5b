package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.mtproto.AuthKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedSessionTest {
  @TempDir Path folder;

  private static Credentials credentials() {
    byte[] key = new byte[AuthKey.BYTES];
    new Random(7).nextBytes(key);
    return new Credentials(new AuthKey(key), Long.MIN_VALUE, -3);
  }

  @Test
  void comesBackAsItWas() throws IOException {
    Path file = folder.resolve("session");
    for (SavedSession session :
        List.of(
            new SavedSession(credentials(), new Position(1, 2, 3)),
            new SavedSession(credentials(), null))) {
      session.save(file);
      assertEquals(Optional.of(session), SavedSession.load(file));
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void noFileIsNoSession() throws IOException {
    assertEquals(Optional.empty(), SavedSession.load(folder.resolve("none")));
  }

  @Test
  void anythingElseIsRefused() throws IOException {
    Path file = folder.resolve("session");
    new SavedSession(credentials(), new Position(1, 2, 3)).save(file);
    String good = Files.readString(file);
    for (String bad :
        List.of(
            "",
            "\n\n\n\n\n",
            good.replace("session 1", "session 2"),
            good.replace("1 2 3", "1 2"),
            good.replace("1 2 3", "x"),
            good.substring(30),
            good.repeat(2),
            "\u00e9" + good,
            good.repeat(20))) {
      Files.writeString(file, bad);
      IOException refusal = assertThrows(IOException.class, () -> SavedSession.load(file), bad);
      assertFalse(String.valueOf(refusal.getMessage()).contains(good.substring(30, 60)));
    }
  }

  @Test
  void showsNoKey() {
    assertEquals(-1, credentials().toString().indexOf("[B"));
    assertEquals(true, credentials().toString().contains("hidden"));
  }
}

package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.client.Credentials;
import dev.starling.client.Position;
import dev.starling.client.SavedSession;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatProfileTest {
  @TempDir Path folder;

  private static SavedSession session() {
    byte[] key = new byte[AuthKey.BYTES];
    new Random(1).nextBytes(key);
    return new SavedSession(new Credentials(new AuthKey(key), -5, 12), new Position(7, 1, 1000));
  }

  @Test
  void aSessionIsKeptForItsOwnerAlone() throws IOException {
    Path sessions = folder.resolve("chat");
    try (ChatProfile profile = ChatProfile.open(sessions, "alice")) {
      assertEquals(Optional.empty(), profile.load());
      profile.save(session());
      profile.save(session());
    }
    try (ChatProfile profile = ChatProfile.open(sessions, "alice")) {
      assertEquals(Optional.of(session()), profile.load());
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(sessions.resolve("alice"))));
      profile.forget();
      assertEquals(Optional.empty(), profile.load());
    }
  }

  @Test
  void eachTerminalHasItsOwn() {
    try (ChatProfile first = ChatProfile.open(folder, null)) {
      first.save(session());
      try (ChatProfile second = ChatProfile.open(folder, null)) {
        assertEquals(Optional.empty(), second.load());
        assertThrows(Problem.class, () -> ChatProfile.open(folder, "1"));
      }
    }
    try (ChatProfile again = ChatProfile.open(folder, null)) {
      assertTrue(again.load().isPresent());
    }
  }

  @Test
  void thoseThatNobodyUsesAreFree() {
    assertEquals(List.of(), ChatProfile.free(folder.resolve("none")));
    for (String name : List.of("b", "a", "c")) {
      try (ChatProfile profile = ChatProfile.open(folder, name)) {
        profile.save(session());
      }
    }
    try (ChatProfile _ = ChatProfile.open(folder, "b")) {
      assertEquals(List.of("a", "c"), ChatProfile.free(folder));
    }
  }

  @Test
  void aDamagedFileIsAProblemThatNamesIt() throws IOException {
    Files.writeString(folder.resolve("alice"), "something else");
    try (ChatProfile profile = ChatProfile.open(folder, "alice")) {
      Problem problem = assertThrows(Problem.class, profile::load);
      assertTrue(String.valueOf(problem.getMessage()).contains(folder.resolve("alice").toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../alice", ".alice", "", "a/b", "a\u001b"})
  void aNameLeadsNowhereElse(String name) throws IOException {
    assertThrows(Problem.class, () -> ChatProfile.open(folder, name));
    try (var files = Files.list(folder)) {
      assertFalse(files.findAny().isPresent());
    }
  }
}

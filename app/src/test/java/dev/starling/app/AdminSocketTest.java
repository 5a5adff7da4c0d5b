package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminSocketTest {
  private static final int ANSWER_MAX = 10_000;

  @TempDir Path folder;
  private Path path = Path.of("");
  private @Nullable AdminSocket socket;

  @BeforeEach
  void open() throws IOException {
    path = folder.resolve("admin.sock");
    Files.createFile(path); // as a process that was killed leaves it
    Operations operations =
        new Operations()
            .on("echo", request -> Json.object("said", Operations.text(request, "say")))
            .on("refuse", _ -> refuse())
            .on("break", _ -> breakDown());
    socket = new AdminSocket(path, operations);
  }

  private static Map<String, Object> refuse() {
    throw new Problem("not today");
  }

  private static Map<String, Object> breakDown() {
    throw new IllegalStateException("secret detail");
  }

  @AfterEach
  void close() {
    if (socket != null) {
      socket.close();
    }
  }

  @Test
  void isForItsOwnerOnly() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void answersEachRequestOfAConnection() throws IOException {
    try (SocketChannel channel = connect()) {
      JsonLines lines = new JsonLines(channel, ANSWER_MAX);
      for (String word : new String[] {"one", "zwei", "три"}) {
        lines.write(Json.object("command", "echo", "say", word));
        assertEquals(Json.object("said", word), lines.read());
      }
    }
  }

  @Test
  void clientTellsWhatTheServerRefused() {
    Problem problem = assertThrows(Problem.class, () -> ask("refuse"));
    assertEquals("not today", problem.getMessage());
  }

  @Test
  void defectIsAnsweredWithoutItsDetails() {
    Problem problem = assertThrows(Problem.class, () -> ask("break"));
    assertTrue(String.valueOf(problem.getMessage()).startsWith("this is a defect"));
  }

  @Test
  void unknownCommandIsRefused() {
    Problem problem = assertThrows(Problem.class, () -> ask("dance"));
    assertTrue(String.valueOf(problem.getMessage()).contains("dance"));
  }

  @Test
  void nonsenseEndsTheConnectionButNotTheServer() throws IOException {
    for (String nonsense :
        new String[] {"nonsense\n", "[1]\n", "{\n", "null\n", "\n", "x".repeat(5000)}) {
      try (SocketChannel channel = connect()) {
        channel.write(ByteBuffer.wrap(nonsense.getBytes(StandardCharsets.UTF_8)));
        JsonLines lines = new JsonLines(channel, ANSWER_MAX);
        assertTrue(String.valueOf(lines.read()).contains("error"));
        assertNull(lines.read());
      }
    }
    assertNotNull(ask("echo"));
  }

  @Test
  void moreConnectionsThanPlacesWaitForTheirTurn() throws IOException {
    SocketChannel[] idle = new SocketChannel[16];
    for (int i = 0; i < idle.length; i++) {
      idle[i] = connect();
    }
    try (SocketChannel late = connect()) {
      JsonLines lines = new JsonLines(late, ANSWER_MAX);
      lines.write(Json.object("command", "echo", "say", "at last"));
      idle[7].close();
      assertEquals(Json.object("said", "at last"), lines.read());
    }
    for (SocketChannel channel : idle) {
      channel.close();
    }
  }

  @Test
  void isGoneWhenItCloses() {
    close();
    assertTrue(Files.notExists(path));
    assertNull(ask("echo"));
  }

  @Test
  void leftBehindMeansNobodyAnswers() throws IOException {
    close();
    Files.createFile(path);
    assertNull(ask("echo"));
  }

  private @Nullable Map<String, Object> ask(String command) {
    return AdminClient.ask(path, Json.object("command", command));
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    return channel;
  }
}

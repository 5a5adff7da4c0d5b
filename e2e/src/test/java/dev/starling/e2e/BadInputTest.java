package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What people, scanners and broken disks do: one clear line or the silent drop, and the server goes
 * on.
 */
class BadInputTest {
  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void garbageOnThePortIsDroppedInSilence() throws IOException {
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    List<byte[]> garbage =
        List.of(
            new byte[0],
            noise,
            HexFormat.of().parseHex("16030100c8010000c40303" + "5a".repeat(194)), // a TLS hello
            HexFormat.of().parseHex("eeeeeeee" + "ffffff7f")); // intermediate, a packet of 2 GiB
    for (byte[] bytes : garbage) {
      assertEquals(0, answerTo(bytes).length);
    }
    byte[] http = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        "HTTP/1.1 404 Not Found",
        new String(answerTo(http), StandardCharsets.US_ASCII).lines().findFirst().orElse(""));
    Service.Account ann = server.addUser("Ann");
    try (Client anns = new Client(Kind.MTCUTE, server, folder, "ann")) {
      assertEquals(ann.id(), anns.signIn(ann));
    }
    assertEquals("", server.complaints());
  }

  private static byte[] answerTo(byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.ready().port())) {
      socket.setSoTimeout((int) (Child.DEADLINE_SECONDS * 1000));
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      return new byte[0]; // a reset says nothing either
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MTCUTE", "TDLIB_SECRET"})
  void fiveWrongCodesSpendIt(Kind kind) throws IOException {
    Service.Account ann = server.addUser("Ann");
    String wrong = ann.code().equals("00000") ? "00001" : "00000";
    try (Client anns = new Client(kind, server, folder, "wrong-" + kind)) {
      for (int i = 0; i < 5; i++) {
        var refused = assertThrows(Driver.Refused.class, () -> anns.signIn(ann.number(), wrong));
        assertEquals("400 PHONE_CODE_INVALID", refused.getMessage());
      }
      var refused = assertThrows(Driver.Refused.class, () -> anns.signIn(ann));
      assertEquals("400 PHONE_CODE_INVALID", refused.getMessage());
      assertEquals(ann.id(), anns.signIn(server.anotherCode(ann)));
    }
  }

  @Test
  void portTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertOneLine(
          1, Starling.run(folder, Server.up(folder.resolve("other"), taken.getLocalPort())));
    }
  }

  @Test
  void dataFolderInUse() throws IOException {
    assertOneLine(1, Starling.run(folder, Server.up(folder.resolve("data"), 0)));
    assertTrue(server.isAlive());
  }

  @Test
  void readOnlyDataFolder() throws IOException {
    Path data = Files.createDirectory(folder.resolve("read-only"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) { // whom modes do not stop
      command.addAll(List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search"));
    }
    command.addAll(Server.up(data, 0));
    assertOneLine(1, Starling.run(folder, command));
  }

  @Test
  void fileInThePlaceOfTheDataFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertOneLine(1, Starling.run(folder, Server.up(file, 0)));
  }

  @Test
  void wrongFlag() throws IOException {
    Starling.Result result = Starling.run(folder, "up", "--lisen", "127.0.0.1:0");
    assertEquals(2, result.exitCode());
    assertTrue(result.complaints().contains("--lisen"), result.complaints());
    assertNoTrace(result);
  }

  @Test
  void wrongNumber() throws IOException {
    String data = folder.resolve("data").toString();
    assertOneLine(1, Starling.run(folder, "user", "code", "+88800000000", "--data", data));
  }

  private static void assertOneLine(int exitCode, Starling.Result result) {
    assertEquals(exitCode, result.exitCode(), result.toString());
    assertEquals(1, result.complaints().lines().count(), result.complaints());
    assertNoTrace(result);
  }

  private static void assertNoTrace(Starling.Result result) {
    assertFalse(result.complaints().contains("\tat "), result.complaints());
    assertFalse(result.complaints().contains("Exception"), result.complaints());
    assertEquals("", result.output());
  }
}

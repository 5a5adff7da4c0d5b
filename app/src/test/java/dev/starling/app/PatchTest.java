package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ServerKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs made as compilers make them; e2e patches the true ones. */
class PatchTest {
  private static final String OURS = ServerKey.generate(new Random(5)).publicPem();
  private static final String THEIRS =
      "-----BEGIN RSA PUBLIC KEY-----\nMIIBCgKCAQEA6LszBcC1"
          + "x".repeat(425 - 51 - 29)
          + "\n-----END RSA PUBLIC KEY-----";

  @TempDir Path folder;
  private Path key = Path.of("");

  @BeforeEach
  void writeKey() throws IOException {
    key = Files.writeString(folder.resolve("public.pem"), OURS);
  }

  private Run patch(Path file, String server, String... more) {
    String[] arguments = {
      "client-kit", "patch", file.toString(), "--server", server, "--key", key.toString()
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Run.verb(all);
  }

  private static byte[] little(int... numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(numbers).forEach(buffer::putInt);
    return buffer.array();
  }

  /** As Telegram Desktop: texts, and a table that points to them. */
  private Path desktop() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Binary.latin("\0" + THEIRS + "\0\0"));
    out.writeBytes(Binary.latin("2001:0b28:f23d:f001:0000:0000:0000:000a\0"));
    out.writeBytes(Binary.latin("149.154.175.10\0" + "149.154.167.40\0"));
    String texts =
        "149.154.175.50\0"
            + "149.154.167.51\0"
            + "95.161.76.100\0"
            + "149.154.175.100\0"
            + "149.154.167.91\0"
            + "149.154.171.5\0";
    out.writeBytes(Binary.latin(texts));
    for (int id : new int[] {1, 2, 2, 3, 4, 5}) {
      out.writeBytes(little(id, 0, 0x1000, 0, 443, 0));
    }
    return Files.write(folder.resolve("Telegram.exe"), out.toByteArray());
  }

  /** As TDLib: texts within instructions. */
  private Path library(String... firstHalf) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Binary.latin(THEIRS + "\0" + "code".repeat(1000)));
    out.writeBytes(new byte[] {(byte) 0xbb, 1, 0, 0, 80, 0, 0, 0, 0x49, (byte) 0x89});
    out.writeBytes(little(5222));
    for (String half : firstHalf) {
      out.writeBytes(Binary.latin("\u001c" + half + "|"));
    }
    for (String half :
        List.of(".175.50\0", ".167.51\0", "76.100\0\0", ".175.100", ".167.91\0", ".171.5\0\0")) {
      out.writeBytes(Binary.latin("H\u00b9" + half));
    }
    out.writeBytes(Binary.latin("*2001:b28:f23d:f"));
    return Files.write(folder.resolve("libtdjson.so"), out.toByteArray());
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  @Test
  void desktopGetsKeyAddressesAndPort() throws IOException {
    Path original = desktop();
    Files.setPosixFilePermissions(original, PosixFilePermissions.fromString("rwxr-xr-x"));
    byte[] before = Files.readAllBytes(original);
    Run run = patch(original, "203.0.113.5:2018");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("all built-in ones are 203.0.113.5:2018"), run.out());
    Path copy = folder.resolve("Telegram-starling.exe");
    assertTrue(Files.isExecutable(copy));
    String after = text(copy);
    assertEquals(before.length, after.length());
    assertTrue(after.contains(OURS + "\0"));
    assertFalse(after.contains("149.154.") || after.contains("95.161"), after);
    assertFalse(after.contains("2001:"));
    assertEquals(6, after.split("203\\.0\\.113\\.5\0", -1).length - 1);
    Binary binary = new Binary(Files.readAllBytes(copy));
    assertEquals(6, binary.find(little(2018, 0)).size());
    assertArrayEquals(before, Files.readAllBytes(original), "the original stays");
  }

  /** 15 characters: only one row has room, and becomes data centre 2, where Desktop begins. */
  @Test
  void aLongAddressTakesTheRowThatHasRoom() throws IOException {
    Path original = desktop();
    assertEquals(0, patch(original, "203.100.113.105:443").exitCode());
    byte[] after = Files.readAllBytes(folder.resolve("Telegram-starling.exe"));
    Binary binary = new Binary(after);
    assertEquals(1, binary.find(Binary.latin("203.100.113.105\0")).size());
    int table = after.length - 6 * 24;
    assertEquals(
        List.of(1, 3, 3, 2, 4, 5),
        IntStream.range(0, 6).mapToObj(i -> binary.intAt(table + 24 * i)).toList());
  }

  @Test
  void tdlibGetsThemInBothShapes() throws IOException {
    for (String[] shape :
        new String[][] {{"149.154", "95.161."}, {"149.", ".154", "95.1", "161."}}) {
      Path original = library(shape);
      Run run = patch(original, "127.0.0.1:2018", "--json");
      assertEquals(true, Json.read(run.out()).get("addresses"), run.toString());
      Path copy = folder.resolve("libtdjson-starling.so");
      String after = text(copy);
      assertTrue(after.contains(shape.length == 2 ? "\u001c127.0.0|" : "\u001c127.|\u001c.0.0|"));
      assertTrue(after.contains("H\u00b9.1\0\0\0\0\0\0"));
      assertFalse(after.contains(".175.50") || after.contains("76.100") || after.contains("2001:"));
      assertEquals(3, new Binary(Files.readAllBytes(copy)).find(little(2018)).size());
    }
  }

  @Test
  void twiceIsOnce() throws IOException {
    Path file = desktop();
    assertEquals(0, patch(file, "203.0.113.5:443", "--in-place").exitCode());
    byte[] once = Files.readAllBytes(file);
    Run again = patch(file, "203.0.113.5:443", "--in-place");
    assertEquals(0, again.exitCode());
    assertTrue(again.out().contains("already"), again.out());
    assertArrayEquals(once, Files.readAllBytes(file));
  }

  @Test
  void unknownAddressesAreTold() throws IOException {
    Path file = Files.writeString(folder.resolve("other"), THEIRS + "\0");
    Run run = patch(file, "203.0.113.5:443");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("addresses  not replaced"), run.out());
    assertTrue(patch(desktop(), "[2001:db8::1]:443").out().contains("is no IPv4 address"));
  }

  @Test
  void strangersAndFoesAreOneLine() throws IOException {
    Path stranger = Files.writeString(folder.resolve("stranger"), "nothing of the kind");
    Run run = patch(stranger, "203.0.113.5:443");
    assertEquals(1, run.exitCode());
    assertTrue(run.isOneLine() && run.err().contains("none of Telegram's keys"), run.err());
    assertTrue(patch(folder.resolve("absent"), "203.0.113.5:443").isOneLine());
    assertTrue(patch(stranger, "203.0.113.5").isOneLine());
    Run noServer = Run.verb("client-kit", "patch", "x", "--key", key.toString());
    assertTrue(noServer.isOneLine() && noServer.err().contains("--server"), noServer.err());
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count(), "nothing is left behind");
    }
  }
}

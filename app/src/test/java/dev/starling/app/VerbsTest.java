package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verbs on data that no server runs on. */
class VerbsTest {
  @TempDir Path folder;

  private String data() {
    return folder.resolve("data").toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up --lisen 127.0.0.1:0",
        "up --listen localhost",
        "up --listen example.org:80",
        "up --listen 127.0.0.1:65536",
        "up --announce example.org",
        "user",
        "usr",
        "user code",
      })
  void wrongUsageIsOneLineAndCode2(String line) {
    Run run = Run.verb(line.split(" "));
    assertEquals(2, run.exitCode());
    assertTrue(run.isOneLine(), run.toString());
  }

  @Test
  void wrongFlagNamesTheNearest() {
    Run run = Run.verb("up", "--lisen=127.0.0.1:0");
    assertTrue(run.err().contains("did you mean --listen"), run.err());
  }

  @Test
  void accountsAreMadeListedAndGivenCodes() {
    Map<String, Object> alice = json("user", "add", "Alice", "--data", data(), "--json");
    assertEquals(List.of("id", "number", "code"), List.copyOf(alice.keySet()));
    assertTrue(Operations.text(alice, "number").matches("\\+888\\d{8}"));
    assertTrue(Operations.text(alice, "code").matches("\\d{5}"));

    String spaced = Operations.text(alice, "number").replace("+888", "+888 ");
    Map<String, Object> again = json("user", "code", spaced, "--data", data(), "--json");
    assertEquals(alice.get("id"), again.get("id"));

    Run list = Run.verb("user", "list", "--data", data());
    assertEquals(alice.get("number") + "  Alice\n", list.out());
  }

  @Test
  void anAccountIsDeletedOnlyWhenItIsMeant() {
    String number = Operations.text(json("user", "add", "A", "--data", data(), "--json"), "number");
    assertProblem("--yes", "user", "delete", number, "--data", data());
    Run gone = Run.verb("user", "delete", number, "--yes", "--data", data());
    assertEquals("deleted " + number + "\n", gone.out());
    assertEquals("", Run.verb("user", "list", "--data", data()).out());
    assertProblem(number, "user", "code", number, "--data", data());
  }

  private static Map<String, Object> json(String... arguments) {
    Run run = Run.verb(arguments);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(1, run.out().lines().count());
    return Json.read(run.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb"})
  void unfitNameIsOneLine(String name) {
    Run run = Run.verb("user", "add", name, "--data", data());
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("name"), run.err());
  }

  @Test
  void unknownNumberIsOneLine() {
    json("user", "add", "--data", data(), "--json");
    assertProblem("+88800000000", "user", "code", "+88800000000", "--data", data());
  }

  @Test
  void noServerIsOneLine() {
    assertProblem("no server runs", "status", "--data", data());
  }

  @Test
  void nothingToStopIsOneLine() {
    assertProblem("nothing to stop", "stop", "--data", data());
  }

  @Test
  void noDataFolderIsOneLine() {
    assertProblem("there is no data folder", "user", "list", "--data", data());
  }

  @Test
  void fileInThePlaceOfTheDataFolderIsOneLine() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertProblem("is a file", "up", "--data", file.toString());
  }

  @Test
  void everyAddressCannotBeAnnounced() {
    assertProblem("--announce", "up", "--listen", "[::]:0", "--data", data());
  }

  @Test
  void pathTooLongForASocketIsOneLineAndMakesNoFolder() {
    Path deep = folder.resolve("deep".repeat(30));
    assertProblem("shorter path", "up", "--data", deep.toString());
    assertTrue(Files.notExists(deep));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys", "server.pem", "secret"})
  void secretOpenToOthersIsOneLine(String name) throws IOException {
    json("user", "add", "--data", data(), "--json");
    Path file = Path.of(data(), name);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertProblem(name + " is open to others", "user", "list", "--data", data());
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys", "server.pem", "secret"})
  void secretIsNeverMadeAnewBesideAStore(String name) throws IOException {
    json("user", "add", "--data", data(), "--json");
    Files.delete(Path.of(data(), name));
    assertProblem(name + " is missing", "user", "list", "--data", data());
    assertTrue(Files.notExists(Path.of(data(), name)));
  }

  @Test
  void damagedKeyIsOneLineThatDoesNotShowIt() throws IOException {
    json("user", "add", "--data", data(), "--json");
    Files.writeString(Path.of(data(), "secret"), "0123456789abcdef");
    Run run = assertProblem("secret is damaged", "user", "list", "--data", data());
    assertTrue(!run.err().contains("0123456789abcdef"));
  }

  private static Run assertProblem(String part, String... arguments) {
    Run run = Run.verb(arguments);
    assertEquals(1, run.exitCode());
    assertTrue(run.isOneLine(), run.toString());
    assertTrue(run.err().contains(part), run.err());
    return run;
  }

  @Test
  void versionTellsItself() {
    assertNotEquals("", json("version", "--json").get("version"));
    assertEquals(Run.verb("version"), Run.verb("--version"));
  }

  @Test
  void helpTellsOfAVerb() {
    Run run = Run.verb("help", "up");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("--listen") && run.out().contains("--announce"), run.out());
    assertEquals(run.out(), Run.verb("up", "--help").out());
    assertEquals(2, Run.verb("help", "fly").exitCode());
  }
}

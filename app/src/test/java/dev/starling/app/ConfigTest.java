package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  @TempDir Path folder;

  private Path write(String... lines) throws IOException {
    return Files.write(folder.resolve("starling.conf"), List.of(lines));
  }

  private Run verb(String line) {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    words.addAll(List.of("--data", folder.toString()));
    return Run.verb(words.toArray(String[]::new));
  }

  @Test
  void withoutAFileAllIsAsPrinted() {
    String manual = verb("config print").out();
    for (Setting<?> setting : ServerSettings.ALL) {
      assertTrue(manual.contains("\n#" + setting.key() + " = " + setting.fallback()), manual);
      assertTrue(setting.key().matches("[a-z]+(-[a-z]+)*"), setting.key());
      assertTrue(setting.about().endsWith("."), setting.key());
    }
    assertEquals(0, verb("config check").exitCode());
  }

  @Test
  void whatIsPrintedIsAFileThatSaysTheSame() throws IOException {
    write("# mine", "", "connections=500", "  listen =  127.0.0.1:4430 ");
    String before = verb("config print --drain 20").out();
    assertTrue(before.contains("\nconnections = 500\n"), before);
    assertTrue(before.contains("\ndrain = 20\n"), before);
    write(before);
    assertEquals(before, verb("config print").out());
    assertEquals("500", Json.read(verb("config print --json").out()).get("connections"));
  }

  @Test
  void flagsComeBeforeTheFile() throws IOException {
    write("connections = 500", "drain = 20");
    Configuration both = Configuration.read(new DataFolder(folder), Map.of("connections", "100"));
    assertEquals(100, both.get(ServerSettings.CONNECTIONS));
    assertEquals(20, both.get(ServerSettings.DRAIN));
    assertEquals(2, both.get(ServerSettings.DC));
  }

  @ParameterizedTest
  @CsvSource({
    "conections = 5,          did you mean connections?",
    "Listen = 127.0.0.1:443,  did you mean listen?",
    "= 5,                     there is no key ''",
    "connections 5,           a line is KEY = VALUE",
    "connections = many,      16 to 1000000 connections",
    "connections = 15,        16 to 1000000 connections",
    "connections =,           16 to 1000000 connections",
    "listen = example.org:80, ADDRESS:PORT in digits",
    "listen = 127.0.0.1:,     ADDRESS:PORT in digits",
    "announce = here,         an address in digits",
    "metrics = 9418,          or off",
    "drain = 0,               1 to 300 seconds",
    "service-name =,          1 to 64 characters",
    "invitations = -1,        0 to 10000 a day",
    "dc = 2,                  dc was set in line 2 already",
  })
  void faultsNameTheLineAndWhatWouldBeRight(String line, String told) throws IOException {
    Path file = write("# one", "dc = 3", line);
    Run up = verb("up");
    assertEquals(1, up.exitCode());
    assertTrue(up.isOneLine(), up.err());
    assertTrue(up.err().startsWith("starling: " + file + ":3: "), up.err());
    assertTrue(up.err().contains(told), up.err());
  }

  @Test
  void checkTellsAllFaults() throws IOException {
    write("conections = 5", "drain = 10", "dc = 9");
    Run check = verb("config check");
    assertEquals(1, check.exitCode());
    assertEquals(2, check.err().lines().count());
    assertEquals(1, verb("config check --json").exitCode());
  }

  @Test
  void wrongFlagIsWrongUsageThatNamesTheRange() {
    Run run = verb("up --drain 0");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("1 to 300 seconds"), run.err());
  }

  @Test
  void aFileThatIsNoTextIsOneLine() throws IOException {
    Files.write(folder.resolve("starling.conf"), new byte[] {(byte) 0xff, (byte) 0xfe});
    Run run = verb("config check");
    assertTrue(run.isOneLine() && run.err().contains("UTF-8"), run.err());
  }
}

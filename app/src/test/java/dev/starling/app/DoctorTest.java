package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.ServerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path folder;
  private DataFolder data = new DataFolder(Path.of(""));

  @BeforeEach
  void makeData() {
    data = new DataFolder(folder.resolve("data")).create();
    Wiring.offline(data).close();
  }

  private Run doctor(String... more) {
    return Run.verb(more.length == 0 ? arguments() : arguments(more[0]));
  }

  private String[] arguments() {
    return new String[] {"doctor", "--data", data.root().toString()};
  }

  private String[] arguments(String flag) {
    return new String[] {"doctor", "--data", data.root().toString(), flag};
  }

  private void assertProblem(String about, String part) {
    Run run = doctor();
    assertEquals(1, run.exitCode(), run.out());
    assertTrue(
        run.out().lines().anyMatch(l -> l.startsWith("PROBLEM  " + about) && l.contains(part)),
        run.out());
    assertEquals("", run.err());
  }

  @Test
  void aRunningServerIsWellAndAnswers() {
    try (Wiring wiring = new Wiring(data, Configuration.of(Map.of("listen", "127.0.0.1:0")))) {
      wiring.start();
      Run run = doctor();
      assertEquals(0, run.exitCode(), run.out());
      assertTrue(run.out().contains("this service answers at 127.0.0.1:"), run.out());
      assertTrue(run.out().contains("announced"), run.out());
      assertTrue(run.out().endsWith(" warnings\n"), run.out());
    }
  }

  @Test
  void withoutAServerTheDataAreOpened() {
    Run run = doctor();
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().contains("opens, and its rows can be read"), run.out());
    assertTrue(run.out().contains("warning  server"), run.out());
  }

  @Test
  void eachFindingIsOneObject() {
    for (String line : doctor("--json").out().lines().toList()) {
      Map<String, Object> finding = Json.read(line);
      assertEquals("[level, about, what, consequence, mend]", finding.keySet().toString());
      boolean isOk = "ok".equals(finding.get("level"));
      assertEquals(isOk, Operations.text(finding, "mend").isEmpty(), line);
      assertEquals(isOk, Operations.text(finding, "consequence").isEmpty(), line);
    }
  }

  @Test
  void keysOpenToOthers() throws IOException {
    Files.setPosixFilePermissions(data.keys(), PosixFilePermissions.fromString("rw-r--r--"));
    assertProblem("modes", "chmod go= " + data.keys());
  }

  @Test
  void aMissingKey() throws IOException {
    Files.delete(data.serverKey());
    assertProblem("key", "missing or damaged");
  }

  @Test
  void aPublicKeyOfAnother() throws IOException {
    Files.writeString(data.publicKey(), ServerKey.generate(new Random(3)).publicPem());
    assertProblem("key", "is not the public half");
  }

  @Test
  void aDamagedStore() throws IOException {
    Files.writeString(data.store().resolve("MARK"), "nonsense");
    assertProblem("store", "the server does not start");
  }

  @Test
  void aWrongConfiguration() throws IOException {
    Files.writeString(data.config(), "lisen = 127.0.0.1:1\n");
    assertProblem("config", ":1: there is no key 'lisen', did you mean listen?");
  }

  @Test
  void aClockThatWentBack() throws IOException {
    Path file = data.store().resolve("MARK");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(3))));
    assertProblem("clock", "data were written at");
  }

  @Test
  void noFolder() {
    Run run = Run.verb("doctor", "--data", folder.resolve("none").toString());
    assertEquals(1, run.exitCode());
    assertTrue(run.out().contains("PROBLEM  data"), run.out());
    assertFalse(Files.exists(folder.resolve("none")));
  }

  @Test
  void backupsGrowOld() throws IOException {
    assertTrue(doctor().out().contains("none was ever made here"));
    Files.writeString(data.lastBackup(), "");
    assertTrue(doctor().out().contains("ok       backup"));
    Files.setLastModifiedTime(
        data.lastBackup(), FileTime.from(Instant.now().minus(Duration.ofDays(9))));
    assertTrue(doctor().out().contains("the last is 9 days old"));
  }

  @Test
  void metricsForTheWorld() throws IOException {
    Files.writeString(data.config(), "metrics = 0.0.0.0:9418\n");
    assertTrue(doctor().out().contains("warning  metrics"));
  }

  @Test
  void aStrangerOnThePortIsTold() throws IOException {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> hangUp(stranger));
      InetSocketAddress address = (InetSocketAddress) stranger.getLocalSocketAddress();
      assertFalse(Probe.fault(address, data).isEmpty());
    }
  }

  private static void hangUp(ServerSocket stranger) {
    try {
      stranger.accept().close();
    } catch (IOException _) {
      // The test is over.
    }
  }
}

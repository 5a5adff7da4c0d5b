package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.client.Device;
import dev.starling.client.Endpoint;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.PublicKey;
import dev.starling.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product, started and stopped in this process. */
class WiringTest {
  private static final Configuration ANY_PORT = listening("127.0.0.1:0");

  @TempDir Path folder;

  private static Configuration listening(String address) {
    return Configuration.of(Map.of("listen", address));
  }

  private DataFolder data() {
    return new DataFolder(folder.resolve("data")).create();
  }

  @Test
  void verbsAskTheRunningServer() throws InterruptedException {
    Wiring wiring = new Wiring(data(), ANY_PORT);
    InetSocketAddress address = wiring.start();
    String data = data().root().toString();

    assertEquals(0, Run.verb("user", "add", "Alice", "--data", data).exitCode());
    assertTrue(Run.verb("user", "list", "--data", data).out().endsWith("  Alice\n"));
    Map<String, Object> status = Json.read(Run.verb("status", "--json", "--data", data).out());
    assertEquals(address.getPort(), status.get("port"));
    assertEquals(1, status.get("accounts"));
    assertTrue(Run.verb("status", "--data", data).out().contains("1 accounts"));

    wiring.drain();
    assertEquals(1, Run.verb("status", "--data", data).exitCode());
    assertTrue(Run.verb("user", "list", "--data", data).out().endsWith("  Alice\n"));
  }

  @Test
  void identityOutlivesARestart() throws InterruptedException {
    Identity first = identityOfAStart();
    Identity second = identityOfAStart();
    assertEquals(first.fingerprint(), second.fingerprint());
    assertEquals(first.padded(), second.padded());
  }

  private Identity identityOfAStart() throws InterruptedException {
    Wiring wiring = new Wiring(data(), ANY_PORT);
    wiring.start();
    wiring.drain();
    return wiring.identity();
  }

  @Test
  void aRenewedKeyIsTakenWithoutARestart() throws IOException {
    try (Wiring wiring = new Wiring(data(), ANY_PORT);
        SystemEnv system = new SystemEnv()) {
      InetSocketAddress at = wiring.start();
      PublicKey former = wiring.identity().key().publicKey();
      String data = data().root().toString();
      Run renewed = Run.verb("key", "renew", "--days", "1", "--data", data);
      assertEquals(0, renewed.exitCode(), renewed.err());
      wiring.takeChangedKeys();
      PublicKey fresh = wiring.identity().key().publicKey();
      assertNotEquals(former.fingerprint(), fresh.fingerprint());
      for (PublicKey known : List.of(former, fresh)) {
        Endpoint endpoint = new Endpoint("127.0.0.1", at.getPort(), 2, null);
        Settings settings =
            new Settings(endpoint, List.of(known), new Device(1, "", "test", "test", "1", "en"));
        StarlingClient.connect(settings, null, system.env()).close();
      }
      Files.writeString(data().serverKey(), "nonsense");
      Files.setLastModifiedTime(data().serverKey(), FileTime.fromMillis(0));
      assertThrows(Problem.class, wiring::takeChangedKeys);
      assertEquals(fresh.fingerprint(), wiring.identity().key().publicKey().fingerprint());
    }
  }

  @Test
  void announcedAddressHasTheTruePort() throws Exception {
    Map<String, String> flags = Map.of("listen", "127.0.0.1:0", "announce", "203.0.113.5");
    try (Wiring wiring = new Wiring(data(), Configuration.of(flags))) {
      InetSocketAddress announced = wiring.start();
      assertEquals("203.0.113.5", announced.getAddress().getHostAddress());
      assertTrue(announced.getPort() > 0);
    }
  }

  @Test
  void readyTellsProgramsEverything() throws IOException {
    try (Wiring wiring = new Wiring(data(), ANY_PORT)) {
      Ready ready = new Ready(wiring.start(), wiring.identity(), data(), Duration.ofMillis(7));
      Map<String, Object> json = Json.read(Json.write(ready.json()));
      assertEquals(
          "[event, address, port, fingerprint, publicKey, secret, padded, readyMillis]",
          json.keySet().toString());
      assertTrue(Operations.text(json, "fingerprint").matches("[0-9a-f]{16}"));
      assertTrue(Operations.text(json, "padded").matches("dd[0-9a-f]{32}"));
      assertEquals(425, Files.size(Path.of(Operations.text(json, "publicKey"))));
      assertTrue(ready.text().contains("tg://proxy?server=127.0.0.1&port=" + json.get("port")));
    }
  }

  @Test
  void commandsThatAreToldCanBeCopied() {
    DataFolder spaced = new DataFolder(folder.resolve("my data")).create();
    try (Wiring wiring = new Wiring(spaced, listening("[::1]:0"))) {
      String text = new Ready(wiring.start(), wiring.identity(), spaced, Duration.ZERO).text();
      assertTrue(text.contains("./starling chat --data '" + spaced.root() + "'\n"), text);
      assertTrue(text.contains("tg://proxy?server=::1&port="), text);
      assertTrue(text.contains("  address      [::1]:"), text);
    }
  }

  @Test
  void takenPortIsAProblemThatNamesIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Wiring wiring = new Wiring(data(), listening("127.0.0.1:" + taken.getLocalPort()))) {
      Problem problem = assertThrows(Problem.class, () -> wiring.start());
      assertTrue(String.valueOf(problem.getMessage()).contains(":" + taken.getLocalPort()));
    }
  }

  @Test
  void dataHaveOneOwner() {
    try (Wiring _ = new Wiring(data(), ANY_PORT)) {
      assertThrows(StoreException.Unavailable.class, () -> new Wiring(data(), ANY_PORT));
    }
  }
}

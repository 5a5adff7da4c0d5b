package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.starling.mtproto.ProxySecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs of a volunteer. */
class ProxyVerbsTest {
  private static final String SITE = "site.invalid";

  @TempDir Path folder;
  private ServerSocket site;

  @BeforeEach
  void start() throws IOException {
    site = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private String data() {
    return folder.resolve("proxy").toString();
  }

  private String origin() {
    return "127.0.0.1:" + site.getLocalPort();
  }

  private Run verb(String... arguments) {
    List<String> all = new ArrayList<>(List.of("proxy"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", data()));
    return Run.verb(all.toArray(String[]::new));
  }

  private void init() {
    Run run = verb("init", "--domain", SITE, "--origin", origin());
    assertEquals(0, run.exitCode(), run.err());
  }

  @Test
  void initMakesAShortFileThatIsRight() throws IOException {
    init();
    Path config = folder.resolve("proxy/proxy.conf");
    assertTrue(Files.readAllLines(config).size() <= 12);
    assertEquals(List.of(), ConfigFile.read(config, ProxyKeys.ALL).faults());
    String permissions =
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("proxy/users")));
    assertEquals("rw-------", permissions);
    Run again = verb("init", "--domain", SITE);
    assertEquals(1, again.exitCode());
    assertTrue(again.isOneLine(), again.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-dot", "-x.org", "a b.org", "1.2.3.4"})
  void aWrongDomainIsOneLine(String domain) {
    Run run = verb("init", "--domain", domain);
    assertEquals(1, run.exitCode());
    assertTrue(run.isOneLine(), run.err());
  }

  @Test
  void usersAreKeptWithoutAProxyToo() {
    init();
    String link = verb("users", "add", "carol", "--limit", "connections=5").out();
    assertTrue(link.startsWith("tg://proxy?server="), link);
    ProxySecret secret =
        ProxySecret.parse(link.strip().substring(link.indexOf("secret=") + "secret=".length()));
    assertEquals(SITE, secret.domain());
    assertEquals(link, verb("users", "add", "carol", "--limit", "days=1").out(), "the same secret");
    assertTrue(verb("users", "list").out().contains("{days=1}"));
    assertEquals(0, verb("users", "revoke", "carol").exitCode());
    assertFalse(verb("users", "list").out().contains("carol"));
    for (String wrong : List.of("users revoke carol", "users add a/b", "share --user dave")) {
      Run run = verb(wrong.split(" "));
      assertEquals(1, run.exitCode());
      assertTrue(run.isOneLine(), run.err());
    }
    assertTrue(verb("users", "add", "x", "--limit", "speed=1").isOneLine());
  }

  @Test
  void shareIsScannedFromThePicture() throws Exception {
    init();
    Path png = folder.resolve("link.png");
    Run run = verb("share", "--png", png.toString(), "--json");
    Map<String, Object> shared = Json.read(run.out());
    assertTrue(Operations.text(shared, "web").startsWith("https://t.me/proxy?server="));
    var picture = ImageIO.read(png.toFile());
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    var source = new RGBLuminanceSource(picture.getWidth(), picture.getHeight(), pixels);
    String scanned =
        new QRCodeReader()
            .decode(new BinaryBitmap(new HybridBinarizer(source)), new HashMap<>())
            .getText();
    assertEquals(shared.get("tg"), scanned);
  }

  @Test
  void aRunningProxyTakesUsersAtOnce() {
    init();
    ProxyFolder proxy = new ProxyFolder(folder.resolve("proxy"));
    Map<String, String> flags = Map.of("listen", "127.0.0.1:0", "upstream", origin());
    try (ProxyWiring wiring =
        new ProxyWiring(proxy, Configuration.read(proxy.config(), ProxyKeys.ALL, flags))) {
      wiring.start();
      assertEquals(0, verb("users", "add", "carol").exitCode());
      assertEquals(2, wiring.server().users().size());
      assertTrue(verb("users", "list").out().contains("0 connections"));
      assertTrue(verb("impact").out().contains("fewer than 8"));
      assertTrue(verb("status").out().contains("medianSkewSeconds"));
      assertEquals(0, verb("users", "revoke", "carol", "--drop").exitCode());
      assertEquals(1, wiring.server().users().size());
    }
    assertNotEquals(0, verb("impact").exitCode());
  }

  @Test
  void aProxyBeforeItselfIsRefused() {
    Map<String, String> flags =
        Map.of("listen", "127.0.0.1:4433", "origin", "127.0.0.1:4433", "upstream", origin());
    ProxyFolder proxy = new ProxyFolder(folder.resolve("proxy"));
    proxy.data().create();
    try (ProxyWiring wiring =
        new ProxyWiring(proxy, Configuration.read(proxy.config(), ProxyKeys.ALL, flags))) {
      Problem problem = assertThrows(Problem.class, wiring::start);
      assertTrue(String.valueOf(problem.getMessage()).contains("--origin"));
    }
  }

  @Test
  void aTakenPortIsOneLine() {
    init();
    Run run = verb("run", "--listen", origin(), "--origin", "127.0.0.1:1", "--upstream", origin());
    assertEquals(1, run.exitCode());
    assertTrue(run.isOneLine(), run.err());
    assertTrue(run.err().contains("another program listens"), run.err());
  }

  @Test
  void doctorTellsEachFindingWithItsMend() throws IOException {
    init();
    Files.writeString(
        folder.resolve("proxy/proxy.conf"),
        "domain = %s\norigin = %s\nupstream = %s\n".formatted(SITE, origin(), origin()));
    Run run = verb("doctor");
    assertEquals(1, run.exitCode());
    assertTrue(run.out().contains("PROBLEM  name"), run.out());
    assertTrue(run.out().contains("ok       origin"), run.out());
    assertTrue(run.out().contains("ok       upstream"), run.out());
  }
}

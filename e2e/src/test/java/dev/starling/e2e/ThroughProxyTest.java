package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stock clients talk through our proxy by links of every kind. */
class ThroughProxyTest {
  private static final String LINK =
      "ee"
          + Proxy.secret("link")
          + HexFormat.of().formatHex("www.example.net".getBytes(StandardCharsets.US_ASCII));

  @TempDir static Path folder;
  private static Server server;
  private static Proxy direct;
  private static Proxy linked;

  @BeforeAll
  static void start() throws IOException {
    Path data =
        Files.createDirectory(
            Server.data(folder),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        data.resolve("fronts"), "north %s %s\n".formatted(LINK, Proxy.secret("user")));
    server = Server.start(folder);
    direct = new Proxy(folder.resolve("direct"), server.ready().port(), List.of());
    linked = new Proxy(folder.resolve("linked"), server.ready().port(), List.of("link = " + LINK));
  }

  @AfterAll
  static void stop() {
    linked.close();
    direct.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "false, MTCUTE_TLS,    TDLIB_TLS",
    "false, TDLIB_SECRET,  MTCUTE_PADDED",
    "true,  TDLIB_TLS,     MTCUTE_TLS",
    "true,  MTCUTE_SECRET, TDLIB_PADDED",
  })
  void twoPeopleTalk(boolean byLink, Kind annsClient, Kind bobsClient) throws IOException {
    Proxy proxy = byLink ? linked : direct;
    String pair = byLink + "-" + annsClient;
    Service.Account ann = server.addUser("Ann");
    Service.Account bob = server.addUser("Bob");
    try (Client anns = new Client(annsClient, server, proxy.way(server), folder, pair + "-ann");
        Client bobs = new Client(bobsClient, server, proxy.way(server), folder, pair + "-bob")) {
      assertEquals(ann.id(), anns.signIn(ann));
      assertEquals(bob.id(), bobs.signIn(bob));
      anns.send(anns.findByNumber(bob.number()), "through the proxy");
      assertEquals(List.of("through the proxy"), bobs.awaitReceived(1));
      bobs.send(ann.id(), "and back");
      assertEquals(List.of("and back"), anns.awaitReceived(1));
    }
    JsonNode status = proxy.status();
    assertTrue(status.get("clients").asInt() >= 2, status.toString());
    assertEquals(0, status.get("fronted").asInt(), status.toString());
    assertEquals(0, status.get("defects").asInt(), status.toString());
  }
}

package dev.starling.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running proxy before a server: a process, a port and a folder of its own, and one user. */
final class Proxy implements AutoCloseable {
  private final Path folder;
  private final Child process;
  private final int port;
  private final String secret = secret("user");

  /**
   * Starts on any free port; returns when it is ready.
   *
   * @param upstream the server's port on this machine
   * @param settings further lines of its configuration
   */
  Proxy(Path folder, int upstream, List<String> settings) throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.writeString(folder.resolve("users"), "first %s %s\n".formatted(secret, Kind.SITE));
    Files.writeString(
        folder.resolve("proxy.conf"),
        """
        listen = 127.0.0.1:0
        domain = %s
        origin = 127.0.0.1:1
        upstream = 127.0.0.1:%d
        undisguised = yes
        %s
        """
            .formatted(Kind.SITE, upstream, String.join("\n", settings)));
    var said = new CompletableFuture<Integer>();
    process =
        new Child(
            Starling.command("proxy", "run", "--json", "--data", folder.toString()),
            folder,
            line -> parse(line, said));
    process.onExit(() -> said.completeExceptionally(new IOException("it ended")));
    try {
      port = said.get(Child.DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.close();
      throw new AssertionError("never became ready; it said:\n" + process.complaints(), e);
    }
  }

  /** 16 bytes, the same for each test, in hexadecimal. */
  static String secret(String of) {
    byte[] key = new byte[16];
    new Random(of.hashCode()).nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  /** The way to {@code server} through here. */
  Service.Ready way(Server server) {
    Service.Ready itself = server.ready();
    return new Service.Ready(
        "127.0.0.1",
        port,
        itself.fingerprint(),
        itself.publicKey(),
        secret,
        "dd" + secret,
        itself.readyMillis());
  }

  JsonNode status() throws IOException {
    Starling.Result result =
        Starling.run(
            folder, Starling.command("proxy", "status", "--json", "--data", folder.toString()));
    return Server.JSON.readTree(result.output());
  }

  @Override
  public void close() {
    process.close();
  }

  private static void parse(String line, CompletableFuture<Integer> said) {
    try {
      JsonNode node = Server.JSON.readTree(line);
      if (node.path("event").asText().equals("ready")) {
        said.complete(node.get("port").asInt());
      }
    } catch (IOException | RuntimeException e) {
      said.completeExceptionally(e);
    }
  }
}

package dev.starling.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running server: a process, a port and a data folder of its own. */
final class Server implements Service {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final Map<String, String> environment;
  private final Child process;
  private final Ready ready;

  /** It ended, or was killed for its silence, before it said that it was ready. */
  static final class NotReady extends AssertionError {
    private static final long serialVersionUID = 1;

    final int exitCode;
    final String complaints;

    NotReady(int exitCode, String complaints, Throwable cause) {
      super("never became ready; it said:\n" + complaints, cause);
      this.exitCode = exitCode;
      this.complaints = complaints;
    }
  }

  private Server(Path home, int port, Map<String, String> environment) throws IOException {
    this.home = home;
    this.environment = environment;
    var said = new CompletableFuture<Ready>();
    process = new Child(up(data(home), port), home, environment, line -> parse(line, said));
    process.onExit(() -> said.completeExceptionally(new IOException("it ended")));
    try {
      ready = said.get(Child.DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.close();
      throw new NotReady(process.exitCode(), process.complaints(), e);
    }
  }

  static Path data(Path home) {
    return home.resolve("data");
  }

  static List<String> up(Path data, int port) {
    return Starling.command(
        "up", "--json", "--data", data.toString(), "--listen", "127.0.0.1:" + port);
  }

  /**
   * Starts on any free port, with its data in a folder of {@code home}; returns when it is ready.
   */
  static Server start(Path home) throws IOException {
    return start(home, Map.of());
  }

  /** The same with variables added to the environment. */
  static Server start(Path home, Map<String, String> environment) throws IOException {
    return new Server(home, 0, environment);
  }

  /** Starts again where this one was: same data, same port. */
  @Override
  public Server again() throws IOException {
    return new Server(home, ready.port(), environment);
  }

  @Override
  public Ready ready() {
    return ready;
  }

  @Override
  public String publicKey() throws IOException {
    return Files.readString(ready.publicKey()).strip();
  }

  @Override
  public Account addUser(String... name) throws IOException {
    JsonNode user = user("add", name);
    return new Account(
        user.get("id").asLong(), user.get("number").asText(), user.get("code").asText());
  }

  @Override
  public Account anotherCode(Account account) throws IOException {
    return account.withCode(user("code", account.number()).get("code").asText());
  }

  private JsonNode user(String verb, String... arguments) throws IOException {
    List<String> command =
        Starling.command("user", verb, "--data", data(home).toString(), "--json");
    command.addAll(List.of(arguments));
    Starling.Result result = Starling.run(home, command);
    if (result.exitCode() != 0) {
      throw new AssertionError("user " + verb + " failed: " + result);
    }
    return JSON.readTree(result.output());
  }

  String complaints() {
    return process.complaints();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** By SIGTERM. */
  @Override
  public int stop() {
    process.terminate();
    return process.exitCode();
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }

  private static void parse(String line, CompletableFuture<Ready> said) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node.path("event").asText().equals("ready")) {
        said.complete(
            new Ready(
                node.get("address").asText(),
                node.get("port").asInt(),
                node.get("fingerprint").asText(),
                Path.of(node.get("publicKey").asText()),
                node.get("secret").asText(),
                node.get("padded").asText(),
                node.get("readyMillis").asLong()));
      }
    } catch (IOException | RuntimeException e) {
      said.completeExceptionally(e);
    }
  }
}

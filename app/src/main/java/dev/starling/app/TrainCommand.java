package dev.starling.app;

import dev.starling.client.Account;
import dev.starling.client.Device;
import dev.starling.client.Endpoint;
import dev.starling.client.People;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdatesGetState;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code train}: starts a server on data of its own, uses it, stops it. The build runs this once,
 * so that the JVM notes which classes every start loads (its AOT cache).
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Runnable {
  private static final Device DEVICE = new Device(1, "train", "train", "JVM", "1", "en");

  @Override
  public void run() {
    try {
      Path folder = Files.createTempDirectory("starling");
      try {
        train(new DataFolder(folder));
      } finally {
        delete(folder);
      }
    } catch (IOException | InterruptedException e) {
      throw new Problem("the training run failed: " + e, e);
    }
  }

  private static void train(DataFolder data) throws InterruptedException {
    try (SystemEnv system = new SystemEnv()) {
      Wiring wiring = new Wiring(data, Configuration.of(Map.of("listen", "127.0.0.1:0")));
      InetSocketAddress address = wiring.start();
      for (String verb : new String[] {"user add Alice", "user list", "status", "version"}) {
        printNowhere((verb + " --json --data " + data.root()).split(" "));
      }
      talk(wiring, address, system.env());
      wiring.drain();
    }
  }

  private static void printNowhere(String... arguments) {
    PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
    Verbs.commandLine(new Console(nowhere, nowhere)).execute(arguments);
  }

  /** A sign-in and a message to oneself, which the server takes as from any client. */
  private static void talk(Wiring wiring, InetSocketAddress address, Env env) {
    Map<String, Object> user =
        wiring.operations().ask(Json.object("command", "user.add", "name", "Alice"));
    Identity identity = wiring.identity();
    String host = address.getAddress().getHostAddress();
    Endpoint endpoint = new Endpoint(host, address.getPort(), 2, identity.padded());
    Settings settings = new Settings(endpoint, List.of(identity.key().publicKey()), DEVICE);
    try (StarlingClient client = StarlingClient.connect(settings, null, env)) {
      Account account = new Account(client, DEVICE, new People());
      account.signIn(
          account.askCode(Operations.text(user, "number")), Operations.text(user, "code"));
      client.call(new UpdatesGetState());
      client.call(MessagesSendMessage.of(new InputPeerSelf(), "Hello", env.random().nextLong()));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

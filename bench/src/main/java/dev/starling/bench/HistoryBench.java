package dev.starling.bench;

import static java.util.Objects.requireNonNull;

import dev.starling.bench.Bench.Options;
import dev.starling.bench.Talk.Delays;
import dev.starling.client.Credentials;
import dev.starling.client.Device;
import dev.starling.client.Endpoint;
import dev.starling.client.People;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.PublicKey;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.InputMessagesFilterEmpty;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesSearch;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What it takes to read an account with a million messages: the difference from near and far, pages
 * of a history from its end, middle and beginning, the list of chats, a search. The messages are
 * sent by the methods themselves with no network in between ({@link Filling}), so the rows are what
 * the service writes. Tells bytes on the disk for each message too.
 */
final class HistoryBench {
  private final int messages;
  private final int peers;
  private final int calls;

  private HistoryBench(Options options) {
    this.messages = options.get("messages", 1_000_000);
    this.peers = options.get("peers", 4);
    this.calls = options.get("calls", 200);
  }

  static void run(Path root, Options options) throws Exception {
    new HistoryBench(options).run(root);
  }

  private void run(Path root) throws Exception {
    try (Scratch scratch = Scratch.create()) {
      Path data = scratch.path();
      Credentials credentials;
      Server.User owner;
      List<Server.User> others = new ArrayList<>();
      try (Server server = Server.start(root, data);
          Talk talk = new Talk(server)) {
        owner = server.addUser("Owner");
        for (int i = 0; i < peers; i++) {
          others.add(server.addUser("Peer"));
        }
        try (StarlingClient client = talk.signIn(server, owner, new People())) {
          credentials = client.credentials();
        }
      }
      long bytes = bytes(data.resolve("store"));
      long began = System.nanoTime();
      InputPeerUser peer = Filling.fill(data, owner.number(), numbers(others), messages);
      double seconds = (System.nanoTime() - began) / 1e9;
      try (Server server = Server.start(root, data)) {
        long grown = bytes(data.resolve("store")) - bytes;
        System.out.printf(
            "history: %d messages written in %.0f s without a network; %.0f bytes on the disk each,"
                + " in the boxes of both; ready again after %d ms%n",
            messages, seconds, (double) grown / messages, server.readyMillis());
        read(server, credentials, peer);
      }
    }
  }

  private static List<String> numbers(List<Server.User> users) {
    return users.stream().map(Server.User::number).toList();
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void read(Server server, Credentials credentials, InputPeerUser peer) throws Exception {
    PublicKey key = PublicKey.fromPem(Files.readString(server.publicKey()));
    Endpoint endpoint = new Endpoint("127.0.0.1", server.port(), 2, null);
    Device device = new Device(1, "bench", "bench", "JVM", "1", "en");
    try (Talk talk = new Talk(server);
        StarlingClient client =
            StarlingClient.connect(
                new Settings(endpoint, List.of(key), device), credentials, talk.env)) {
      UpdatesState state = client.call(new UpdatesGetState());
      int pts = state.pts();
      int middle = pts / 2;
      measure(server, client, "getDifference, 100 behind", difference(pts - 100));
      measure(server, client, "getDifference, half behind", difference(middle));
      measure(server, client, "getDifference, all behind", difference(1));
      measure(server, client, "getHistory, newest 100", history(peer, 0, 0));
      measure(server, client, "getHistory, 100 from the middle", history(peer, middle, 0));
      measure(server, client, "getHistory, 100 around the middle", history(peer, middle, -50));
      measure(server, client, "getHistory, oldest 100", history(peer, 1_000, 0));
      measure(
          server, client, "getDialogs", MessagesGetDialogs.of(0, 0, new InputPeerEmpty(), 100, 0));
      measure(
          server,
          client,
          "search for what is not there",
          MessagesSearch.of(
              peer, "nowhere", new InputMessagesFilterEmpty(), 0, 0, 0, 0, 100, 0, 0, 0));
    }
  }

  private static TlMethod<?> difference(int pts) {
    return UpdatesGetDifference.of(pts, 1, 1);
  }

  private static TlMethod<?> history(InputPeerUser peer, int offsetId, int addOffset) {
    return new MessagesGetHistory(peer, offsetId, 0, addOffset, 100, 0, 0, 0);
  }

  private void measure(Server server, StarlingClient client, String what, TlMethod<?> call)
      throws IOException {
    int times = Math.max(1, what.startsWith("search") ? calls / 20 : calls);
    for (int i = 0; i < times; i++) {
      client.call(call); // warms up
    }
    long[] micros = new long[times];
    long cpu = server.cpuMicros();
    for (int i = 0; i < times; i++) {
      long began = System.nanoTime();
      requireNonNull(client.call(call));
      micros[i] = (System.nanoTime() - began) / 1_000;
    }
    cpu = server.cpuMicros() - cpu;
    Arrays.sort(micros);
    System.out.printf(
        "history: %-34s %s, %.2f ms of server CPU%n", what, new Delays(micros), cpu / 1e3 / times);
  }
}

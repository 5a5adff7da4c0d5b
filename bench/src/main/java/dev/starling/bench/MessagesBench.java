package dev.starling.bench;

import static java.util.Objects.requireNonNull;

import dev.starling.bench.Bench.Options;
import dev.starling.client.Account;
import dev.starling.client.Device;
import dev.starling.client.Endpoint;
import dev.starling.client.People;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.PublicKey;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Durable messages a second and the server's CPU for each. Pairs of accounts, one sender and one
 * reader each, over loopback; a sender sends its next message when the last one is acknowledged, so
 * every message is synced, pushed to the reader and answered before it counts. Clients and server
 * share the machine.
 */
final class MessagesBench {
  private static final String TEXT = "Meet at the old harbour at six, bring nobody.";
  private static final int SAMPLES_MAX = 2_000_000;

  private final Path root;
  private final int pairs;
  private final int warmup;
  private final int seconds;
  private final SecureRandom random = new SecureRandom();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Env env =
      new Env(
          InstantSource.system(),
          random,
          (delay, task) -> {
            var later = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> later.cancel(false);
          });
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong pushed = new AtomicLong();
  private final long[] micros = new long[SAMPLES_MAX];
  private volatile boolean over;

  private record Sender(StarlingClient client, AnyInputPeer reader) {}

  private MessagesBench(Path root, Options options) {
    this.root = root;
    this.pairs = options.get("pairs", 32);
    this.warmup = options.get("warmup", 5);
    this.seconds = options.get("seconds", 15);
  }

  static void run(Path root, Options options) throws Exception {
    new MessagesBench(root, options).run();
  }

  private void run() throws Exception {
    List<StarlingClient> clients = new ArrayList<>();
    try (Scratch scratch = Scratch.create();
        Server server = Server.start(root, scratch.path())) {
      List<Sender> senders = new ArrayList<>();
      for (int i = 0; i < pairs; i++) {
        senders.add(pair(server, clients));
        System.err.printf("\rsigned in: %d of %d pairs", i + 1, pairs);
      }
      System.err.println();
      senders.forEach(this::sendNext);
      TimeUnit.SECONDS.sleep(warmup);
      measure(server);
      over = true;
      clients.forEach(StarlingClient::close);
    } finally {
      timer.shutdownNow();
    }
  }

  private void measure(Server server) throws Exception {
    long messages = acknowledged.get();
    long pushes = pushed.get();
    long cpu = server.cpuMicros();
    long began = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double elapsed = (System.nanoTime() - began) / 1e9;
    long used = server.cpuMicros() - cpu;
    int from = (int) messages;
    messages = acknowledged.get() - messages;
    long[] taken = Arrays.copyOfRange(micros, from, (int) Math.min(from + messages, SAMPLES_MAX));
    Arrays.sort(taken);
    System.out.printf(
        "messages: %.0f durable messages/s, %.0f us of server CPU a message; acknowledged after p50"
            + " %.1f ms, p99 %.1f ms; %d pairs, %d messages, %d pushed, %.1f s%n",
        messages / elapsed,
        (double) used / messages,
        taken[taken.length / 2] / 1e3,
        taken[taken.length * 99 / 100] / 1e3,
        pairs,
        messages,
        pushed.get() - pushes,
        elapsed);
  }

  private Sender pair(Server server, List<StarlingClient> clients) throws IOException {
    Server.User reader = server.addUser("Reader");
    Server.User sender = server.addUser("Sender");
    StarlingClient to = signIn(server, reader, clients, new People());
    to.call(new UpdatesGetState());
    to.listen(_ -> pushed.incrementAndGet());
    People people = new People();
    StarlingClient from = signIn(server, sender, clients, people);
    from.call(new UpdatesGetState());
    Account account = new Account(from, device(), people);
    User found = account.byNumber(reader.number()).orElseThrow();
    return new Sender(from, new InputPeerUser(found.id(), requireNonNull(found.accessHash())));
  }

  private StarlingClient signIn(
      Server server, Server.User user, List<StarlingClient> clients, People people)
      throws IOException {
    String pem = Files.readString(server.publicKey());
    Endpoint endpoint = new Endpoint("127.0.0.1", server.port(), 2, null);
    StarlingClient client =
        StarlingClient.connect(
            new Settings(endpoint, List.of(PublicKey.fromPem(pem)), device()), null, env);
    clients.add(client);
    Account account = new Account(client, device(), people);
    var asked = account.askCode(user.number());
    if (!(account.signIn(asked, user.code()) instanceof Account.SignIn.Done)) {
      throw new IOException("the code was refused");
    }
    return client;
  }

  private static Device device() {
    return new Device(1, "bench", "bench", "JVM", "1", "en");
  }

  private void sendNext(Sender sender) {
    long began = System.nanoTime();
    CompletableFuture<?> answer =
        sender.client.send(MessagesSendMessage.of(sender.reader, TEXT, random.nextLong()));
    var _ =
        answer.whenComplete(
            (_, failure) -> {
              if (failure != null && !over) {
                System.err.println("a message failed: " + failure);
              } else if (!over) {
                long number = acknowledged.getAndIncrement();
                if (number < SAMPLES_MAX) {
                  micros[(int) number] = (System.nanoTime() - began) / 1_000;
                }
                sendNext(sender);
              }
            });
  }
}

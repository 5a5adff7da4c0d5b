package dev.starling.bench;

import static java.util.Objects.requireNonNull;

import dev.starling.client.Account;
import dev.starling.client.Device;
import dev.starling.client.Endpoint;
import dev.starling.client.Event;
import dev.starling.client.People;
import dev.starling.client.Settings;
import dev.starling.client.StarlingClient;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.PublicKey;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.User;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Two who talk while something else goes on: how long it takes until one is told what the other
 * sent.
 */
final class Talk implements AutoCloseable {
  private static final Device DEVICE = new Device(1, "bench", "bench", "JVM", "1", "en");

  /** Between two messages: a talk, not a load. */
  private static final int PAUSE_MICROS = 20_000;

  /** A message that takes longer counts as long. */
  private static final int PATIENCE_SECONDS = 30;

  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());
  private final SecureRandom random = new SecureRandom();
  final Env env =
      new Env(
          InstantSource.system(),
          random,
          (delay, task) -> {
            var later = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> later.cancel(false);
          });
  private final Semaphore told = new Semaphore(0);
  private final StarlingClient sender;
  private final StarlingClient reader;
  private final AnyInputPeer peer;

  Talk(Server server) throws IOException {
    Server.User to = server.addUser("Reader");
    reader = signIn(server, to, new People());
    reader.call(new UpdatesGetState());
    reader.listen(this::hear);
    People people = new People();
    sender = signIn(server, server.addUser("Sender"), people);
    User found = new Account(sender, DEVICE, people).byNumber(to.number()).orElseThrow();
    peer = new InputPeerUser(found.id(), requireNonNull(found.accessHash()));
  }

  private void hear(Event event) {
    if (event instanceof Event.Pushed(Updates updates)
        && updates.updates().stream().anyMatch(UpdateNewMessage.class::isInstance)) {
      told.release();
    }
  }

  /** A new device of {@code user}. */
  StarlingClient signIn(Server server, Server.User user, People people) throws IOException {
    PublicKey key = PublicKey.fromPem(Files.readString(server.publicKey()));
    Endpoint endpoint = new Endpoint("127.0.0.1", server.port(), 2, null);
    StarlingClient client =
        StarlingClient.connect(new Settings(endpoint, List.of(key), DEVICE), null, env);
    Account account = new Account(client, DEVICE, people);
    if (!(account.signIn(account.askCode(user.number()), user.code())
        instanceof Account.SignIn.Done)) {
      throw new IOException("the code was refused");
    }
    return client;
  }

  /** Sends for so long; answers how long each message took to the reader, in order of size. */
  Delays listen(int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long[] micros = new long[0];
    int count = 0;
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      told.drainPermits();
      sender.call(MessagesSendMessage.of(peer, "Are you there?", random.nextLong()));
      boolean heard = told.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (count == micros.length) {
        micros = Arrays.copyOf(micros, count * 2 + 64);
      }
      micros[count] = (System.nanoTime() - began) / 1_000;
      if (!heard) {
        System.err.println("a message was not pushed");
      }
      TimeUnit.MICROSECONDS.sleep(Math.max(0, PAUSE_MICROS - micros[count++]));
    }
    long[] sorted = Arrays.copyOf(micros, count);
    Arrays.sort(sorted);
    return new Delays(sorted);
  }

  /** How long something took each time, microseconds, in order of size. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Delays(long[] micros) {
    double millis(int percent) {
      return micros.length == 0 ? 0 : micros[(micros.length - 1) * percent / 100] / 1e3;
    }

    @Override
    public String toString() {
      return "p50 %.1f ms, p99 %.1f ms".formatted(millis(50), millis(99));
    }
  }

  @Override
  public void close() {
    sender.close();
    reader.close();
    timer.shutdownNow();
  }
}

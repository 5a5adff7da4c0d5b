package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.e2e.Client.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed with -9 in the middle of sending and started again: nothing acknowledged is
 * lost or doubled.
 */
class CrashTest {
  /** Acknowledged on each side between two kills. */
  private static final int MESSAGES_A_ROUND = 15;

  @TempDir Path folder;

  @Test
  void killedThreeTimes() throws Exception {
    killed(3);
  }

  @Test
  @Tag("long")
  void killedTwentyTimes() throws Exception {
    killed(20);
  }

  private void killed(int times) throws Exception {
    Server server = Server.start(folder);
    try {
      Service.Account ann = server.addUser("Ann");
      Service.Account bob = server.addUser("Bob");
      try (Client anns = new Client(Kind.MTCUTE, server, folder, "ann");
          Client bobs = new Client(Kind.TDLIB_PADDED, server, folder, "bob")) {
        anns.signIn(ann);
        bobs.signIn(bob);
        anns.findByNumber(bob.number());
        bobs.findByNumber(ann.number());
        Sender toBob = new Sender(anns, bob.id(), "to Bob ");
        Sender toAnn = new Sender(bobs, ann.id(), "to Ann ");
        Random random = new Random(times);
        for (int i = 0; i < times; i++) {
          toBob.awaitMore(MESSAGES_A_ROUND);
          toAnn.awaitMore(MESSAGES_A_ROUND);
          Thread.sleep(random.nextInt(50));
          server.kill();
          server = server.again();
        }
        toBob.awaitMore(MESSAGES_A_ROUND);
        toAnn.awaitMore(MESSAGES_A_ROUND);
        toBob.stop();
        toAnn.stop();
        List<String> annsChat = chat(server, ann, bob);
        List<String> bobsChat = chat(server, bob, ann);
        assertEquals(annsChat, bobsChat);
        check(annsChat, toBob, bobs);
        check(annsChat, toAnn, anns);
      }
    } finally {
      server.close();
    }
  }

  /** The chat as the server has it, asked by a device that has never seen it. */
  private List<String> chat(Server server, Service.Account owner, Service.Account other)
      throws IOException {
    try (Client fresh = new Client(Kind.MTCUTE, server, folder, "fresh")) {
      fresh.signIn(server.anotherCode(owner));
      fresh.findByNumber(other.number());
      return fresh.history(other.id()).stream().map(Message::text).toList();
    }
  }

  private static void check(List<String> chat, Sender sender, Client receiver) {
    List<String> kept = chat.stream().filter(text -> text.startsWith(sender.prefix)).toList();
    assertEquals(new HashSet<>(kept).size(), kept.size(), "doubled");
    assertTrue(new HashSet<>(kept).containsAll(sender.acknowledged), "lost what was acknowledged");
    assertEquals(kept.stream().sorted().toList(), kept, "out of order");
    assertEquals(kept, receiver.awaitReceived(kept.size()), "as the other side saw it live");
  }

  /** Keeps a few messages under way at any time, and goes on when the connection breaks. */
  private static final class Sender {
    /** So that most kills find something half done. */
    private static final int UNDER_WAY = 4;

    private final String prefix;
    private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore free = new Semaphore(UNDER_WAY);
    private final Thread thread;
    private volatile boolean stopped;

    Sender(Client client, long peer, String prefix) {
      this.prefix = prefix;
      thread = Thread.ofVirtual().start(() -> send(client, peer));
    }

    private void send(Client client, long peer) {
      for (int i = 0; !stopped; i++) {
        String text = prefix + "%06d".formatted(i);
        free.acquireUninterruptibly();
        // If the client gives a message up, it may have arrived or not, but only once.
        var _ =
            client
                .begin(peer, text)
                .thenRun(() -> acknowledged.add(text))
                .whenComplete((_, _) -> free.release());
      }
    }

    void awaitMore(int count) throws InterruptedException {
      int enough = acknowledged.size() + count;
      for (long left = Child.DEADLINE_SECONDS * 100; acknowledged.size() < enough; left--) {
        assertTrue(left > 0 && thread.isAlive(), prefix + "nothing more is acknowledged");
        Thread.sleep(10);
      }
    }

    /** Returns when nothing is under way any more. */
    void stop() throws InterruptedException {
      stopped = true;
      thread.join();
      assertTrue(
          free.tryAcquire(UNDER_WAY, Child.DEADLINE_SECONDS, TimeUnit.SECONDS),
          prefix + "never answered");
    }
  }
}

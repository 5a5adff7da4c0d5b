package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.tl.api.InputPeerUser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole server dies with {@code kill -9} at any moment, again and again, under load: nothing
 * that it acknowledged is lost, nothing is doubled, and no number is missing in a box.
 */
class CrashLoopTest {
  /** The longest life after the ready line: some die while clients still come back. */
  private static final int LIFE_MILLIS_MAX = 700;

  private static final int PAIRS = 3;

  @TempDir Path folder;

  @Test
  void killedFiveTimes() throws Exception {
    killed(5);
  }

  @Test
  @Tag("long")
  void killedTwoHundredTimes() throws Exception {
    killed(200);
  }

  private void killed(int times) throws Exception {
    Random random = new Random(times);
    Server server = Server.start(folder);
    List<Pair> pairs = new ArrayList<>();
    try {
      for (int i = 0; i < PAIRS; i++) {
        pairs.add(new Pair(server, i));
      }
      for (int i = 0; i < times; i++) {
        Thread.sleep(random.nextInt(LIFE_MILLIS_MAX));
        server.kill();
        server = server.again();
      }
      int sum = 0;
      for (Pair pair : pairs) {
        sum += pair.check();
      }
      System.out.printf(
          "%d kills: %d messages acknowledged, 0 lost, 0 doubled, 0 gaps in pts%n", times, sum);
    } finally {
      pairs.forEach(Pair::close);
      server.close();
    }
  }

  /** One who sends without pause, and one who is told. */
  private static final class Pair implements AutoCloseable {
    private final Phone sender;
    private final Phone reader;
    private final List<String> acknowledged = new ArrayList<>();
    private final Thread sending;
    private volatile boolean over;

    Pair(Server server, int number) throws Exception {
      Service.Account to = server.addUser("Reader" + number);
      reader = new Phone(server, to);
      sender = new Phone(server, server.addUser("Sender" + number));
      InputPeerUser peer = sender.find(to);
      sending = Thread.startVirtualThread(() -> send(peer));
    }

    private void send(InputPeerUser peer) {
      try {
        for (int i = 0; !over; i++) {
          String text = "%06d".formatted(i);
          sender.send(peer, text);
          acknowledged.add(text);
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** How many were acknowledged. */
    int check() throws InterruptedException {
      over = true;
      sending.join();
      assertFalse(acknowledged.isEmpty());
      // One message at a time is under way, so what is acknowledged is all there is.
      check("sender", sender.everything());
      check("reader", reader.everything());
      assertEquals(acknowledged, reader.awaitReceived(acknowledged.size()), "as it was told live");
      return acknowledged.size();
    }

    private void check(String whose, Phone.Told told) {
      List<String> texts = told.texts().stream().filter(text -> text.matches("\\d{6}")).toList();
      assertEquals(new HashSet<>(texts).size(), texts.size(), whose + ": doubled");
      assertTrue(texts.containsAll(acknowledged), whose + ": lost");
      assertEquals(acknowledged, texts, whose + ": out of order");
      assertEquals(told.pts() - 1, told.events(), whose + ": a gap in pts");
    }

    @Override
    public void close() {
      sender.close();
      reader.close();
    }
  }
}

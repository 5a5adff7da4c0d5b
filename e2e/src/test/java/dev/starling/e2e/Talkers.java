package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.client.Credentials;
import dev.starling.tl.api.InputPeerUser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * One who sends numbered texts without pause, one after another, and one who is written to. What
 * was acknowledged is noted outside the server, with a moment: what had surely happened by then.
 */
final class Talkers implements AutoCloseable {
  private final Phone reader;
  private final Phone sender;
  private final LongSupplier moment;
  private final List<Long> acknowledged = new ArrayList<>();
  private final Thread sending;
  private volatile boolean over;

  /**
   * @param moment tells how far the server is, in whatever unit the cuts go by
   */
  Talkers(Server server, int number, LongSupplier moment) throws Exception {
    this.moment = moment;
    Service.Account to = server.addUser("Reader" + number);
    reader = new Phone(server, to);
    sender = new Phone(server, server.addUser("Sender" + number));
    InputPeerUser peer = sender.find(to);
    sending = Thread.ofVirtual().unstarted(() -> send(peer));
  }

  void start() {
    sending.start();
  }

  private void send(InputPeerUser peer) {
    try {
      for (int i = 0; !over; i++) {
        sender.send(peer, text(i));
        long now = moment.getAsLong();
        synchronized (acknowledged) {
          acknowledged.add(now);
        }
      }
    } catch (InterruptedException e) {
      if (!over) {
        throw new AssertionError(e);
      }
    } catch (RuntimeException e) {
      if (!over) {
        throw e;
      }
    }
  }

  private static String text(int number) {
    return "%06d".formatted(number);
  }

  /** How many were acknowledged so far. */
  int acknowledged() {
    return acknowledged(Long.MAX_VALUE);
  }

  /** How many were, and the server was not further than {@code by}. */
  int acknowledged(long by) {
    synchronized (acknowledged) {
      return (int) acknowledged.stream().filter(at -> at <= by).count();
    }
  }

  /** Sends no more; what is under way may still be acknowledged. */
  void stop() throws InterruptedException {
    over = true;
    sending.join();
  }

  /** Sends no more, as the server is gone. */
  void abandon() throws InterruptedException {
    close(); // it may be waiting for an answer,
    sending.interrupt(); // or to try again
    sending.join();
  }

  /** Who may look into the boxes later. */
  Boxes boxes() {
    return new Boxes(sender.credentials(), reader.credentials());
  }

  /** The ways into the sender's and the reader's box. */
  record Boxes(Credentials sender, Credentials reader) {}

  /**
   * Both boxes hold the same numbered texts, each once, in order and without a gap, {@code least}
   * of them or more; pts counts what happened, and dates do not go back.
   */
  static void check(Server server, Boxes boxes, int least) throws Exception {
    List<String> sent = check("sender", Phone.box(server, boxes.sender), least);
    assertEquals(sent, check("reader", Phone.box(server, boxes.reader), least), "the two boxes");
  }

  private static List<String> check(String whose, Phone.Told told, int least) {
    List<String> texts = told.texts().stream().filter(text -> text.matches("\\d{6}")).toList();
    assertEquals(
        IntStream.range(0, texts.size()).mapToObj(Talkers::text).toList(),
        texts,
        whose + ": lost, doubled or out of order");
    assertTrue(
        texts.size() >= least,
        () -> "%s: %d acknowledged, %d there".formatted(whose, least, texts.size()));
    assertEquals(told.pts() - 1, told.events(), whose + ": a gap in pts");
    assertEquals(told.dates().stream().sorted().toList(), told.dates(), whose + ": dates go back");
    return texts;
  }

  @Override
  public void close() {
    over = true;
    sender.close();
    reader.close();
  }
}

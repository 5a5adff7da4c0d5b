package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.starling.e2e.Client.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two people with stock clients sign in, find each other and talk, also when one was away. */
class FirstFlightTest {
  private static final int ROUNDS = 3;
  private static final int MISSED = 25;

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Every kind of client is each of the two once; most pairs are of strangers. */
  @ParameterizedTest
  @CsvSource({
    "MTCUTE,        TDLIB_SECRET",
    "TDLIB_SECRET,  MTCUTE_PADDED",
    "MTCUTE_PADDED, TDLIB_PADDED",
    "TDLIB_PADDED,  MTCUTE_SECRET",
    "MTCUTE_SECRET, MTCUTE",
  })
  void twoPeopleTalk(Kind annsClient, Kind bobsClient) throws IOException {
    String pair = annsClient + "-" + bobsClient;
    Service.Account ann = server.addUser("Ann");
    Service.Account bob = server.addUser("Bob");
    try (Client anns = new Client(annsClient, server, folder, pair + "-ann");
        Client bobs = new Client(bobsClient, server, folder, pair + "-bob")) {
      assertEquals(ann.id(), anns.signIn(ann));
      assertEquals(bob.id(), bobs.signIn(bob));
      find(anns, ann, bobs, bob, "bird" + ann.id());

      List<String> toAnn = new ArrayList<>();
      List<String> toBob = new ArrayList<>();
      talk(anns, ann, bobs, bob, toAnn, toBob);
      missAndCatchUp(anns, bobs, bob, toBob);
      read(anns, ann, bobs, bob);

      assertEquals(toAnn, anns.received());
      assertEquals(toBob, bobs.received());
      assertEquals(told(anns.history(bob.id()), true), told(bobs.history(ann.id()), false));
      assertEquals("", anns.complaints());
      assertEquals("", bobs.complaints());
    }
  }

  @Test
  void twoDevicesOfOnePersonShowTheSame() throws IOException {
    Service.Account ann = server.addUser("Ann");
    Service.Account bob = server.addUser("Bob");
    try (Client phone = new Client(Kind.TDLIB_SECRET, server, folder, "two-phone");
        Client laptop = new Client(Kind.MTCUTE, server, folder, "two-laptop");
        Client bobs = new Client(Kind.MTCUTE_SECRET, server, folder, "two-bob")) {
      phone.signIn(ann);
      laptop.signIn(server.anotherCode(ann));
      bobs.signIn(bob);
      bobs.send(bobs.findByNumber(ann.number()), "to both");
      assertEquals(List.of("to both"), phone.awaitReceived(1));
      assertEquals(List.of("to both"), laptop.awaitReceived(1));
      laptop.send(bob.id(), "from the laptop");
      phone.awaitSent("from the laptop");
      phone.findByNumber(bob.number());
      phone.send(bob.id(), "from the phone");
      laptop.awaitSent("from the phone");
      assertEquals(List.of("from the laptop", "from the phone"), bobs.awaitReceived(2));
      assertEquals(phone.history(bob.id()), laptop.history(bob.id()));
    }
  }

  @Test
  void somebodyWithoutANameSignsUp() throws IOException {
    Service.Account nameless = server.addUser();
    try (Client tdlib = new Client(Kind.TDLIB_PADDED, server, folder, "nameless")) {
      assertEquals(nameless.id(), tdlib.signUp(nameless, "Carol"));
    }
    try (Client mtcute = new Client(Kind.MTCUTE, server, folder, "named")) {
      assertEquals(nameless.id(), mtcute.signIn(server.anotherCode(nameless)));
    }
  }

  private void find(
      Client anns, Service.Account ann, Client bobs, Service.Account bob, String username) {
    assertEquals(bob.id(), anns.findByNumber(bob.number()));
    anns.setUsername(username);
    assertEquals(ann.id(), bobs.findByUsername(username));
  }

  private void talk(
      Client anns,
      Service.Account ann,
      Client bobs,
      Service.Account bob,
      List<String> toAnn,
      List<String> toBob) {
    for (int i = 0; i < ROUNDS; i++) {
      toBob.add("Hello, Bob " + i);
      anns.send(bob.id(), toBob.getLast());
      assertEquals(toBob, bobs.awaitReceived(toBob.size()));
      toAnn.add("Привет, Ann 🐦 " + i);
      bobs.send(ann.id(), toAnn.getLast());
      assertEquals(toAnn, anns.awaitReceived(toAnn.size()));
    }
  }

  private void missAndCatchUp(Client anns, Client bobs, Service.Account bob, List<String> toBob) {
    bobs.goOffline();
    for (int i = 0; i < MISSED; i++) {
      toBob.add("while you were away " + i);
      anns.send(bob.id(), toBob.getLast());
    }
    bobs.goOnline();
    assertEquals(toBob, bobs.awaitReceived(toBob.size()));
  }

  private void read(Client anns, Service.Account ann, Client bobs, Service.Account bob) {
    long lastOfAnn = anns.history(bob.id()).getLast().messageId();
    Client.Dialog unread = bobs.dialog(ann.id());
    assertEquals("while you were away " + (MISSED - 1), unread.top());
    bobs.read(ann.id(), bobs.history(ann.id()).getLast().messageId());
    anns.awaitRead(lastOfAnn);
    assertEquals(0, bobs.dialog(ann.id()).unread());
    assertEquals(unread.top(), anns.dialog(bob.id()).top());
    assertEquals(lastOfAnn, anns.dialog(bob.id()).readOutbox());
  }

  /** The chat as told by one side; message ids are each account's own. */
  private static List<String> told(List<Message> history, boolean byAnn) {
    return history.stream().map(m -> (m.out() == byAnn ? "Ann: " : "Bob: ") + m.text()).toList();
  }
}

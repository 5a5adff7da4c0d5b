package dev.starling.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.starling.e2e.Client.Dialog;
import dev.starling.e2e.Client.Entity;
import dev.starling.e2e.Client.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

/**
 * Ann and Bob do all that two people do in a private chat, each with a client of another family.
 * Each step stands alone but for the first; one that a client cannot do is skipped and says so.
 */
final class Scenario {
  private static final int MISSED = 25;

  private static final Pattern CODE = Pattern.compile("\\b\\d{5,6}\\b");
  private static final Pattern NUMBER = Pattern.compile("\\+[\\d ]+\\d");

  private final Home home;
  private final Kind annsKind;
  private final Kind bobsKind;
  private final String pair;
  private final List<Client> clients = new ArrayList<>();
  private Service.Account ann;
  private Service.Account bob;
  private Client anns;
  private Client bobs;
  private boolean areFriends;

  @SuppressWarnings("NullAway.Init") // the first step sets what the others need
  Scenario(Home home, Kind annsKind, Kind bobsKind) {
    this.home = home;
    this.annsKind = annsKind;
    this.bobsKind = bobsKind;
    pair = annsKind + "-" + bobsKind;
  }

  DynamicContainer steps() {
    return dynamicContainer(
        pair,
        Stream.of(
            dynamicTest(pair + ": meet", this::meet),
            step("talk", this::talk),
            step("miss and catch up", this::missAndCatchUp),
            step("entities", this::entities),
            step("reply and quote", this::replyAndQuote),
            step("forward", this::forward),
            step("edit", this::edit),
            step("delete on both sides", this::deleteOnBothSides),
            step("delete on one's own side", this::deleteOnOneSide),
            step("read receipt", this::read),
            step("typing", this::typing),
            step("draft", this::draft),
            step("pin a message", this::pinMessage),
            step("pin a dialog", this::pinDialog),
            step("archive", this::archive),
            step("Saved Messages", this::savedMessages),
            step("silent", this::silent),
            step("search", this::search),
            step("block", this::block),
            step("profile", this::profile),
            step("contacts", this::contacts),
            step("presence", this::presence),
            step("privacy", this::privacy),
            step("another device", this::anotherDevice),
            step("invite", this::invite),
            step("the server restarts", this::restart),
            step("clear history", this::clearHistory),
            step("log out", this::logOut),
            step("no complaints", this::noComplaints),
            step("delete the account", this::deleteAccount),
            dynamicTest(pair + ": end", () -> clients.forEach(Client::close))));
  }

  private DynamicTest step(String name, Executable action) {
    return dynamicTest(
        pair + ": " + name,
        () -> {
          if (!areFriends) {
            throw new TestAbortedException("they never met");
          }
          try {
            action.execute();
          } catch (Driver.Refused e) {
            if (String.valueOf(e.getMessage()).contains("METHOD_NOT_SUPPORTED")) {
              throw new TestAbortedException("the server cannot do it yet", e);
            }
            throw e;
          }
        });
  }

  private Client client(Kind kind, String name) throws IOException {
    Client client = home.client(kind, pair + "-" + name);
    clients.add(client);
    return client;
  }

  private void meet() throws IOException {
    ann = home.server().addUser("Ann");
    bob = home.server().addUser("Bob");
    anns = client(annsKind, "ann");
    bobs = client(bobsKind, "bob");
    assertEquals(ann.id(), anns.signIn(ann));
    assertEquals(bob.id(), bobs.signIn(bob));
    assertEquals(bob.id(), anns.findByNumber(bob.number(), "Bob"));
    String username = "bird" + ann.id();
    anns.setUsername(username);
    assertEquals(ann.id(), bobs.findByUsername(username));
    areFriends = true;
  }

  private void talk() {
    say(anns, bob, bobs, "Hello, Bob");
    say(bobs, ann, anns, "Привет, Ann 🐦");
    assertEquals("Привет, Ann 🐦", anns.dialog(bob.id()).top());
  }

  /** Sends, and waits until the other side shows it. */
  private static Message say(Client from, Service.Account to, Client toClient, String text) {
    from.send(to.id(), text);
    return toClient.awaitMessage("'" + text + "'", m -> m.text().equals(text));
  }

  private void missAndCatchUp() {
    int before = bobs.received().size();
    bobs.goOffline();
    List<String> missed = new ArrayList<>();
    for (int i = 0; i < MISSED; i++) {
      missed.add("while you were away " + i);
      anns.send(bob.id(), missed.getLast());
    }
    bobs.goOnline();
    List<String> received = bobs.awaitReceived(before + MISSED);
    assertEquals(missed, received.subList(before, received.size()));
  }

  private void entities() {
    // Units of UTF-16: the bird is two.
    String text = "🐦 bold italic under strike code spoiler link";
    Set<Entity> entities =
        Set.of(
            Entity.of("bold", 3, 4),
            Entity.of("italic", 8, 6),
            Entity.of("underline", 15, 5),
            Entity.of("strike", 21, 6),
            Entity.of("code", 28, 4),
            Entity.of("spoiler", 33, 7),
            new Entity("link", 41, 4, "https://example.org/"));
    anns.send(bob.id(), text, entities);
    Message live = bobs.awaitMessage("'" + text + "'", m -> m.text().equals(text));
    assertEquals(entities, live.entities());
    assertEquals(entities, bobs.find(ann.id(), text).entities());
    assertEquals(entities, anns.find(bob.id(), text).entities());
  }

  private void replyAndQuote() {
    long atBob = say(anns, bob, bobs, "to be or not to be").messageId();
    long atAnn = anns.find(bob.id(), "to be or not to be").messageId();
    bobs.reply(ann.id(), atBob, "that is the question");
    Message reply = anns.awaitMessage("a reply", m -> m.text().equals("that is the question"));
    assertEquals(atAnn, reply.replyTo());
    assertEquals(atBob, bobs.find(ann.id(), "that is the question").replyTo());
    if (bobsKind.family().isBeforeQuotes()) {
      return;
    }
    bobs.quote(ann.id(), atBob, "not to be", "this part");
    Message quote = anns.awaitMessage("a quote", m -> m.text().equals("this part"));
    assertEquals(atAnn, quote.replyTo());
    if (!annsKind.family().isBeforeQuotes()) {
      assertEquals("not to be", quote.quote());
    }
  }

  private void forward() {
    long original = say(bobs, ann, anns, "pass it on").messageId();
    anns.forward(bob.id(), original, ann.id());
    Message saved = anns.find(ann.id(), "pass it on");
    assertEquals(bob.id(), saved.forwardedFrom());
    anns.forward(bob.id(), original, bob.id());
    Message back =
        bobs.awaitMessage(
            "what was forwarded", m -> m.text().equals("pass it on") && m.forwardedFrom() != 0);
    assertEquals(bob.id(), back.forwardedFrom());
  }

  private void edit() {
    say(anns, bob, bobs, "a mistkae");
    long id = anns.find(bob.id(), "a mistkae").messageId();
    anns.edit(bob.id(), id, "a mistake", Set.of(Entity.of("bold", 2, 7)));
    bobs.await("edited", "the edit", e -> e.get("text").asText().equals("a mistake"));
    Message edited = bobs.find(ann.id(), "a mistake");
    assertEquals(Set.of(Entity.of("bold", 2, 7)), edited.entities());
    assertTrue(edited.isEdited());
    assertFalse(bobs.shows(ann.id(), "a mistkae"));
    assertTrue(anns.find(bob.id(), "a mistake").isEdited());
  }

  private void deleteOnBothSides() {
    long atBob = say(anns, bob, bobs, "forget this").messageId();
    long id = anns.find(bob.id(), "forget this").messageId();
    anns.delete(bob.id(), List.of(id), true);
    awaitDeletion(bobs, atBob);
    assertFalse(anns.shows(bob.id(), "forget this"));
    assertFalse(bobs.shows(ann.id(), "forget this"));
  }

  private static void awaitDeletion(Client client, long messageId) {
    client.await(
        "deleted",
        "the deletion of " + messageId,
        e -> e.get("messageIds").valueStream().anyMatch(m -> m.asLong() == messageId));
  }

  private void deleteOnOneSide() {
    long id = say(anns, bob, bobs, "kept by Ann").messageId();
    bobs.delete(ann.id(), List.of(id), false);
    assertFalse(bobs.shows(ann.id(), "kept by Ann"));
    assertTrue(anns.shows(bob.id(), "kept by Ann"));
  }

  private void read() {
    long atBob = say(anns, bob, bobs, "did you read it?").messageId();
    long id = anns.find(bob.id(), "did you read it?").messageId();
    assertNotEquals(0, bobs.dialog(ann.id()).unread());
    bobs.read(ann.id(), atBob);
    anns.awaitRead(id);
    assertEquals(0, bobs.dialog(ann.id()).unread());
    assertEquals(id, anns.dialog(bob.id()).readOutbox());
  }

  private void typing() {
    bobs.setOnline(true);
    anns.typing(bob.id());
    bobs.await(
        "typing",
        "that Ann types",
        e -> e.get("peer").asLong() == ann.id() && e.get("typing").asBoolean());
  }

  private void draft() {
    anns.draft(bob.id(), "what I was about to");
    assertEquals("what I was about to", anns.dialog(bob.id()).draft());
    anns.draft(bob.id(), "");
    assertEquals("", anns.dialog(bob.id()).draft());
  }

  private void pinMessage() {
    long atBob = say(anns, bob, bobs, "the address").messageId();
    long id = anns.find(bob.id(), "the address").messageId();
    anns.pin(bob.id(), id, true);
    bobs.await("pinned", "the pin", e -> isPin(e, atBob, true));
    assertTrue(bobs.find(ann.id(), "the address").isPinned());
    assertTrue(anns.find(bob.id(), "the address").isPinned());
    anns.pin(bob.id(), id, false);
    bobs.await("pinned", "the pin's end", e -> isPin(e, atBob, false));
    assertFalse(bobs.find(ann.id(), "the address").isPinned());
  }

  private static boolean isPin(JsonNode event, long messageId, boolean on) {
    return event.get("pinned").asBoolean() == on
        && event.get("messageIds").valueStream().anyMatch(id -> id.asLong() == messageId);
  }

  private void pinDialog() {
    anns.send(ann.id(), "newer than Bob's");
    anns.pinDialog(bob.id(), true);
    assertTrue(anns.dialog(bob.id()).isPinned());
    assertEquals(bob.id(), anns.dialogs(false).getFirst().peer());
    anns.pinDialog(bob.id(), false);
    assertFalse(anns.dialog(bob.id()).isPinned());
  }

  private void archive() {
    anns.archive(bob.id(), true);
    assertEquals(List.of(bob.id()), anns.dialogs(true).stream().map(Dialog::peer).toList());
    assertTrue(anns.dialogs(false).stream().noneMatch(d -> d.peer() == bob.id()));
    anns.archive(bob.id(), false);
    eventually(() -> anns.dialogs(true).isEmpty());
    eventually(() -> anns.dialogs(false).stream().anyMatch(d -> d.peer() == bob.id()));
  }

  private void savedMessages() {
    anns.send(ann.id(), "a note to myself");
    assertTrue(anns.shows(ann.id(), "a note to myself"));
    assertEquals("a note to myself", anns.dialog(ann.id()).top());
    assertEquals(0, anns.dialog(ann.id()).unread());
  }

  private void silent() {
    anns.sendSilently(bob.id(), "shh");
    bobs.awaitMessage("the silent message", m -> m.text().equals("shh"));
  }

  private void search() {
    say(anns, bob, bobs, "where is the Needle?");
    assertEquals(List.of("where is the Needle?"), bobs.search(ann.id(), "needle"));
    assertEquals(List.of(), bobs.search(ann.id(), "haystack"));
    assertEquals(List.of("where is the Needle?"), anns.searchAll("needle"));
  }

  private void block() {
    bobs.block(ann.id(), true);
    assertEquals(List.of(ann.id()), bobs.blocked());
    assertTrue(bobs.profile(ann.id()).isBlocked());
    try {
      anns.send(bob.id(), "can you hear me?");
    } catch (Driver.Refused _) {
      // Told or not, it does not arrive.
    }
    assertFalse(bobs.shows(ann.id(), "can you hear me?"));
    bobs.block(ann.id(), false);
    assertEquals(List.of(), bobs.blocked());
    say(anns, bob, bobs, "and now?");
  }

  private void profile() {
    bobs.setProfile("Robert", "Builder", "I fix it");
    anns.await("named", "Bob's change of name", e -> e.get("peer").asLong() == bob.id());
    eventually(() -> anns.profile(bob.id()).about().equals("I fix it"));
    assertEquals("bird" + ann.id(), bobs.profile(ann.id()).username());
  }

  private void contacts() {
    assertEquals(List.of(bob.id()), anns.contacts());
    assertEquals("Bob", anns.profile(bob.id()).firstName());
    anns.removeContact(bob.id());
    assertEquals(List.of(), anns.contacts());
    assertEquals(bob.id(), anns.findByNumber(bob.number(), "Bob"));
    assertEquals(List.of(bob.id()), anns.contacts());
  }

  private void presence() {
    bobs.setOnline(false);
    bobs.setOnline(true);
    anns.await("status", "Bob online", e -> isStatus(e, true));
    eventually(() -> anns.profile(bob.id()).status().equals("online"));
    bobs.setOnline(false);
    anns.await("status", "Bob offline", e -> isStatus(e, false));
    eventually(() -> anns.profile(bob.id()).status().equals("offline"));
  }

  private boolean isStatus(JsonNode event, boolean online) {
    return event.get("peer").asLong() == bob.id() && event.get("online").asBoolean() == online;
  }

  private void privacy() {
    bobs.setPrivacy("StatusTimestamp", false);
    String hidden = anns.profile(bob.id()).status();
    assertTrue(Set.of("recently", "lastweek", "lastmonth", "empty", "").contains(hidden), hidden);
    bobs.setPrivacy("StatusTimestamp", true);
    assertTrue(Set.of("online", "offline").contains(anns.profile(bob.id()).status()));
  }

  private void anotherDevice() throws IOException {
    Client second = client(annsKind, "ann2");
    second.requestCode(ann.number());
    Message told = anns.awaitMessage("a code", m -> m.from() == Client.SERVICE && hasCode(m));
    assertEquals(ann.id(), second.enterCode(first(CODE, told.text())));
    second.findByNumber(bob.number(), "Bob");
    second.send(bob.id(), "from another device");
    bobs.awaitMessage("it", m -> m.text().equals("from another device"));
    anns.awaitSent("from another device");
    say(bobs, ann, second, "to both devices");
    anns.awaitMessage("it", m -> m.text().equals("to both devices"));
    whatOneDoesReaches(second);

    List<Client.Session> sessions = anns.sessions();
    assertEquals(2, sessions.size());
    assertEquals(1, sessions.stream().filter(Client.Session::isCurrent).count());
    for (Client.Session session : sessions) {
      if (!session.isCurrent()) {
        anns.endSession(session.id());
      }
    }
    assertEquals(1, anns.sessions().size());
    clients.remove(second); // it may complain: it was thrown out
    second.close();
  }

  /** What Ann does on her first device. */
  private void whatOneDoesReaches(Client second) {
    anns.draft(bob.id(), "half a thought");
    second.await("draft", "a draft", e -> isBobs(e) && e.get("text").asText().startsWith("half"));
    anns.draft(bob.id(), "");
    eventually(() -> second.dialog(bob.id()).draft().isEmpty());
    anns.pinDialog(bob.id(), true);
    second.await("dialogPinned", "the dialog's pin", e -> isBobs(e) && e.get("on").asBoolean());
    anns.pinDialog(bob.id(), false);
    eventually(() -> !second.dialog(bob.id()).isPinned());
    anns.archive(bob.id(), true);
    second.await("listed", "it in the archive", e -> isBobs(e) && e.get("archived").asBoolean());
    anns.archive(bob.id(), false);
    eventually(() -> second.dialogs(true).isEmpty());

    long received = say(bobs, ann, anns, "read here or there").messageId();
    anns.read(bob.id(), received);
    second.await(
        "read",
        "that it was read",
        e -> isBobs(e) && !e.get("outbox").asBoolean() && e.get("maxId").asLong() >= received);
    long sent = anns.send(bob.id(), "wrtten once");
    anns.edit(bob.id(), sent, "written twice", Set.of());
    second.await("edited", "the edit", e -> e.get("text").asText().equals("written twice"));
    anns.delete(bob.id(), List.of(sent), false);
    awaitDeletion(second, sent);
  }

  private boolean isBobs(JsonNode event) {
    return event.get("peer").asLong() == bob.id();
  }

  /** For what a client does at once and corrects when the server answers. */
  private static void eventually(BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Child.DEADLINE_SECONDS);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it never happened");
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static boolean hasCode(Message message) {
    return CODE.matcher(message.text()).find();
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertTrue(matcher.find(), text);
    return matcher.group();
  }

  private void invite() throws IOException {
    anns.send(Client.SERVICE, "/invite Carol");
    Message answer =
        anns.awaitMessage(
            "an invitation", m -> m.from() == Client.SERVICE && NUMBER.matcher(m.text()).find());
    String number = first(NUMBER, answer.text());
    String code = first(CODE, answer.text().replace(number, ""));
    try (Client carols = home.client(bobsKind, pair + "-carol")) {
      long carol = carols.signIn(number, code);
      assertNotEquals(0, carol);
      carols.findByUsername("bird" + ann.id());
      carols.send(ann.id(), "I am in");
      anns.awaitMessage("Carol's", m -> m.text().equals("I am in") && m.from() == carol);
    }
  }

  private void restart() throws IOException {
    home.restart();
    say(anns, bob, bobs, "after the restart");
    say(bobs, ann, anns, "here too");
    assertTrue(bobs.shows(ann.id(), "Hello, Bob"));
  }

  private void clearHistory() {
    say(anns, bob, bobs, "before it is cleared");
    bobs.clear(ann.id(), false);
    assertEquals(List.of(), bobs.history(ann.id()));
    assertTrue(anns.shows(bob.id(), "before it is cleared"));
    say(bobs, ann, anns, "a new leaf");
    long atBob = bobs.find(ann.id(), "a new leaf").messageId();
    anns.clear(bob.id(), true);
    awaitDeletion(bobs, atBob);
    assertEquals(List.of(), anns.history(bob.id()));
    assertFalse(bobs.shows(ann.id(), "a new leaf"));
  }

  private void logOut() throws IOException {
    say(anns, bob, bobs, "see you");
    bobs.logOut();
    clients.remove(bobs);
    bobs.close();
    bobs = client(bobsKind, "bob again");
    assertEquals(bob.id(), bobs.signIn(home.server().anotherCode(bob)));
    bobs.findByUsername("bird" + ann.id());
    assertTrue(bobs.shows(ann.id(), "see you"));
    say(anns, bob, bobs, "back again");
  }

  private void noComplaints() {
    clients.forEach(client -> assertEquals("", client.complaints(), client.kind().name()));
  }

  private void deleteAccount() throws IOException {
    bobs.deleteAccount();
    clients.remove(bobs);
    bobs.close();
    try (Client stranger = home.client(annsKind, pair + "-stranger")) {
      Service.Account other = home.server().addUser("Dora");
      stranger.signIn(other);
      assertEquals(0, stranger.findByNumber(bob.number()));
    }
  }
}

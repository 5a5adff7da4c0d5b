package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.client.Account;
import dev.starling.client.Calls;
import dev.starling.client.Device;
import dev.starling.client.Event;
import dev.starling.client.People;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChatViewTest {
  private static final User ME = User.of(1).withSelf(true).withFirstName("Me");
  private static final User EVE = User.of(2).withFirstName("Eve\u001b[31m\n").withUsername("eve");
  private static final int JANUARY_2 = 86_400 + 3600;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ChatScreen screen =
      new ChatScreen.Plain(
          new ByteArrayInputStream("typed\n".getBytes(StandardCharsets.UTF_8)),
          new PrintStream(out, true, StandardCharsets.UTF_8));
  private final List<Message> seen = new ArrayList<>();
  private final ChatView view = new ChatView(screen, known(), ME, ZoneOffset.UTC, _ -> {});

  /** People are known from what the server tells beside its answers. */
  private static People known() {
    People people = new People();
    Account account =
        new Account(
            new Calls() {
              @Override
              @SuppressWarnings("unchecked") // it is asked for contacts alone
              public <R> CompletableFuture<R> send(TlMethod<R> method) {
                assertEquals(new ContactsGetContacts(0), method);
                return (CompletableFuture<R>)
                    CompletableFuture.completedFuture(
                        new ContactsContacts(List.of(), 0, List.of(ME, EVE)));
              }
            },
            new Device(1, "", "", "", "", ""),
            people);
    assertEquals(List.of(), account.contacts());
    return people;
  }

  private static Message from(User with, int id, String text) {
    return Message.of(id, new PeerUser(with.id()), JANUARY_2, text);
  }

  private List<String> shown() {
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    out.reset();
    return lines;
  }

  @Test
  void whoWritesFirstDoesNotBecomeWhomPlainLinesGoTo() {
    view.onSeen(seen::add);
    view.message(from(EVE, 7, "hi\u001b[2J\nthere"));
    view.message(from(EVE, 8, "hello?"));
    assertEquals(
        List.of(
            "#7 2 Jan 01:00 Eve[31m: hi[2J",
            "      | there",
            "(/to Eve[31m answers.)",
            "#8 2 Jan 01:00 Eve[31m: hello?"),
        shown());
    assertNull(view.open());
    assertEquals(List.of(), seen);
  }

  @Test
  void ownMessagesCarryAMarkAndAreToldWhenRead() {
    view.open(EVE);
    view.message(from(EVE, 8, "one").withOut(true));
    view.message(from(EVE, 9, "two").withOut(true));
    assertEquals(
        List.of("#8 2 Jan 01:00 you: one \u2713", "#9 2 Jan 01:00 you: two \u2713"), shown());
    view.readByUser(2, 8);
    assertEquals(List.of(), shown());
    view.readByUser(2, 9);
    view.readByUser(2, 9);
    assertEquals(List.of("      \u2713\u2713 read by Eve[31m"), shown());
    view.history(List.of(from(EVE, 9, "two").withOut(true)));
    assertEquals(List.of("#9 2 Jan 01:00 you: two \u2713\u2713"), shown());
  }

  @Test
  void notesToOneselfAndOtherChatsAreNamed() {
    view.open(EVE);
    view.message(from(ME, 1, "milk"));
    view.message(from(User.of(3), 2, "x").withOut(true));
    assertEquals(
        List.of(
            "#1 2 Jan 01:00 note to yourself: milk \u2713",
            "#2 2 Jan 01:00 you to user 3: x \u2713"),
        shown());
  }

  @Test
  void theConnectionIsToldOnce() {
    view.connection(new Event.Lost("reset"));
    view.connection(new Event.Lost("refused"));
    view.connection(new Event.Restored());
    assertEquals(List.of("(Connection lost, trying again.)", "(Connected again.)"), shown());
    assertTrue(view.isConnected());
    assertNull(view.ended());
  }

  @Test
  void aProcessWithoutATerminalGetsPlainLines() {
    assertInstanceOf(ChatScreen.Plain.class, ChatScreen.open());
  }

  @Test
  void plainLinesComeInAsTheyAre() {
    assertEquals("typed", screen.read("> "));
    assertNull(screen.ask("Code:"));
    assertEquals(List.of("Code:"), shown());
  }
}

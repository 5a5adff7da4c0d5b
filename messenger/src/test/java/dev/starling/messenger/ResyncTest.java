package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.store.Batch;
import dev.starling.store.MemoryStore;
import dev.starling.store.RawStore;
import dev.starling.tl.api.AnyUpdatesDifference;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A client that knows more than a restored copy gets what is new: once, in order, and nothing else.
 */
class ResyncTest {
  private final MemoryStore store = new MemoryStore();
  private World world = new World(store);
  private Device alice = world.device("Alice");
  private Device bob = world.device("Bob");
  private long randomId = 1;

  private int send(String text) {
    Updates sent = (Updates) alice.ok(MessagesSendMessage.of(alice.peer(bob), text, randomId++));
    return ((UpdateNewMessage) sent.updates().get(1)).pts();
  }

  /** All rows as they are now, in a store of their own. */
  private MemoryStore copy() {
    MemoryStore copy = new MemoryStore();
    for (RawStore.Placed placed : store.walk(new byte[0], 100_000, 1 << 30)) {
      copy.commit(
          new Batch()
              .put(copy.acquire(placed.partition()), placed.row().key(), placed.row().value()));
    }
    return copy;
  }

  private void serveFrom(MemoryStore restored) {
    world = new World(restored);
    alice = world.new Device(alice);
    bob = world.new Device(bob);
  }

  /** What a client with this pts is told, slice by slice; and the pts that it then has. */
  private List<Message> difference(int from, int[] reached) {
    List<Message> messages = new ArrayList<>();
    for (int pts = from, calls = 0; ; calls++) {
      assertTrue(calls < 10, "never told the last state");
      AnyUpdatesDifference answer = bob.ok(UpdatesGetDifference.of(pts, 0, 1));
      switch (answer) {
        case UpdatesDifference d -> {
          d.newMessages().forEach(m -> messages.add((Message) m));
          reached[0] = d.state().pts();
          return messages;
        }
        case UpdatesDifferenceSlice d -> {
          d.newMessages().forEach(m -> messages.add((Message) m));
          assertTrue(d.intermediateState().pts() > pts, "goes on");
          pts = d.intermediateState().pts();
        }
        case UpdatesDifferenceEmpty _ -> {
          reached[0] = pts;
          return messages;
        }
        default -> throw new AssertionError("Telegram Desktop stops at " + answer);
      }
    }
  }

  @Test
  void aClientAheadOfTheCopyGetsWhatIsNew() {
    send("kept 1");
    send("kept 2");
    MemoryStore copy = copy();
    send("lost 1");
    send("lost 2");
    int lostPts = send("lost 3");
    int pts = bob.ok(new UpdatesGetState()).pts();
    int lastId = difference(1, new int[1]).getLast().id();

    assertEquals(2, Resync.apply(copy, Duration.ofHours(1)));
    serveFrom(copy);
    int[] reached = {0};
    assertEquals(List.of(), difference(pts, reached), "nothing is told twice");
    assertTrue(reached[0] > pts);

    assertTrue(send("new 1") > lostPts, "the sender is ahead of the copy too");
    send("new 2");
    Message pushed =
        (Message)
            ((UpdateNewMessage) ((Updates) world.pushed(bob).getFirst()).updates().getFirst())
                .message();
    assertTrue(pushed.id() > lastId, "no number is used twice");
    List<Message> news = difference(reached[0], reached);
    assertEquals(List.of("new 1", "new 2"), news.stream().map(Message::message).toList());
    assertEquals(pushed.id(), news.getFirst().id());
    assertEquals(
        List.of("new 1", "new 2"),
        difference(pts, reached).stream().map(Message::message).toList(),
        "one that slept through it all");
  }

  @Test
  void aClientBehindTheCopyGetsAllThatIsKept() {
    send("kept 1");
    int pts = bob.ok(new UpdatesGetState()).pts();
    send("kept 2");
    send("kept 3");
    MemoryStore copy = copy();
    send("lost");
    Resync.apply(copy, Duration.ofDays(30));
    serveFrom(copy);
    send("new");
    List<Message> told = difference(pts, new int[1]);
    assertEquals(List.of("kept 2", "kept 3", "new"), told.stream().map(Message::message).toList());
  }

  @Test
  void aMessageThatWasLostCanBeSentAgainAndOneThatWasKeptCannot() {
    send("kept");
    MemoryStore copy = copy();
    send("lost");
    Resync.apply(copy, Duration.ZERO);
    serveFrom(copy);
    randomId = 1;
    send("kept");
    send("lost");
    assertEquals(
        List.of("kept", "lost"), difference(1, new int[1]).stream().map(Message::message).toList());
  }

  @Test
  void codesAreVoid() {
    var _ = world.messenger.login().newCode(bob.account);
    MemoryStore copy = copy();
    byte[] code = Rows.key(Rows.LOGIN_CODE);
    assertNotNull(copy.get(Rows.account(bob.account), code));
    Resync.apply(copy, Duration.ZERO);
    assertNull(copy.get(Rows.account(bob.account), code), "it may have been used since");
  }

  @Test
  void thereIsAlwaysRoomForAnotherLeap() {
    send("one");
    MemoryStore copy = store;
    for (int i = 0; i < 100; i++) {
      Resync.apply(copy, Duration.ofDays(10_000));
    }
    int pts = Objects.requireNonNull(bob.ok(new UpdatesGetState())).pts();
    serveFrom(copy);
    assertTrue(bob.ok(new UpdatesGetState()).pts() > pts);
    assertTrue(send("two") > pts);
  }
}

package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.MemoryStore;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Dialog;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesDialogs;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.UpdateReadHistoryInbox;
import dev.starling.tl.api.UpdateReadHistoryOutbox;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesDifferenceEmpty;
import dev.starling.tl.api.UpdatesDifferenceSlice;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesGetState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChatsTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");
  private long randomId = 1;

  private Message send(Device from, AnyInputPeer to, String text, long random) {
    AnyUpdates answer = from.ok(MessagesSendMessage.of(to, text, random));
    return message(answer, random);
  }

  private Message send(Device from, Device to, String text) {
    return send(from, from.peer(to), text, randomId++);
  }

  private static Message message(AnyUpdates answer, long random) {
    Updates updates = assertInstanceOf(Updates.class, answer);
    UpdateMessageID id = assertInstanceOf(UpdateMessageID.class, updates.updates().get(0));
    Message message =
        (Message) assertInstanceOf(UpdateNewMessage.class, updates.updates().get(1)).message();
    assertEquals(random, id.randomId());
    assertEquals(message.id(), id.id());
    return message;
  }

  @Test
  void aMessageIsInBothBoxesEachWithItsOwnId() {
    send(bob, new InputPeerSelf(), "a note, so that ids differ", 99);
    Message sent = send(alice, bob, "hello");
    assertTrue(sent.out());
    assertEquals(new PeerUser(bob.account), sent.peerId());
    Updates pushed = (Updates) world.pushed(bob).getLast();
    UpdateNewMessage update = (UpdateNewMessage) pushed.updates().getFirst();
    Message received = (Message) update.message();
    assertFalse(received.out());
    assertEquals(new PeerUser(alice.account), received.peerId());
    assertEquals("hello", received.message());
    assertEquals(sent.id() + 1, received.id());
    assertEquals(2, pushed.users().size(), "users are complete in every push");
  }

  @Test
  void theSendingSessionLearnsFromTheAnswerAndItsOtherSessionsFromAPush() {
    send(alice, bob, "hello");
    World.Push own =
        world.pushes.stream().filter(p -> p.account() == alice.account).findFirst().orElseThrow();
    assertEquals(alice.session, own.except());
  }

  @Test
  void theSameRandomIdAnswersTheSameMessageAndSendsNothing() {
    Message first = send(alice, alice.peer(bob), "once", 42);
    int pushes = world.pushes.size();
    Message second = send(alice, alice.peer(bob), "once", 42);
    assertEquals(first.id(), second.id());
    assertEquals(pushes, world.pushes.size());
    assertEquals(
        1,
        bob.ok(UpdatesGetDifference.of(1, 0, 1)) instanceof UpdatesDifference d
            ? d.newMessages().size()
            : 0);
  }

  @Test
  void zeroIsARandomIdLikeAnyOther() {
    Message first = send(alice, alice.peer(bob), "once", 0);
    assertEquals(first.id(), send(alice, alice.peer(bob), "once", 0).id());
  }

  @Test
  void savedMessagesHaveNoOutAndNameOneselfAsSavedPeer() {
    Message note = send(alice, new InputPeerSelf(), "note", 5);
    assertFalse(note.out());
    assertEquals(new PeerUser(alice.account), note.savedPeerId());
    assertEquals(note.id(), send(alice, new InputPeerSelf(), "note", 5).id());
  }

  @Test
  void dateNeverGoesBackWhenTheClockDoes() {
    int before = send(alice, bob, "now").date();
    world.now -= 3600;
    assertEquals(before, send(alice, bob, "an hour ago").date());
  }

  @Test
  void readingMovesTheMarksOfBothSides() {
    send(alice, bob, "one");
    Message two = send(alice, bob, "two");
    send(alice, bob, "three");
    var affected = bob.ok(new MessagesReadHistory(bob.peer(alice), two.id()));
    assertEquals(1, affected.ptsCount());
    UpdateReadHistoryInbox inbox =
        (UpdateReadHistoryInbox) ((Updates) world.pushed(bob).getLast()).updates().getFirst();
    assertEquals(1, inbox.stillUnreadCount());
    UpdateReadHistoryOutbox outbox =
        (UpdateReadHistoryOutbox) ((Updates) world.pushed(alice).getLast()).updates().getFirst();
    assertEquals(two.id(), outbox.maxId());
    assertEquals(
        0, bob.ok(new MessagesReadHistory(bob.peer(alice), two.id())).ptsCount(), "read once");
    MessagesDialogs dialogs =
        (MessagesDialogs) bob.ok(MessagesGetDialogs.of(0, 0, new InputPeerEmpty(), 20, 0));
    assertEquals(1, ((Dialog) dialogs.dialogs().getFirst()).unreadCount());
  }

  @Test
  void aDifferenceTellsEachMessageOnceAndInOrder() {
    int pts = bob.ok(new UpdatesGetState()).pts();
    for (int i = 0; i < 7; i++) {
      send(alice, bob, "m" + i);
    }
    StringBuilder seen = new StringBuilder();
    while (bob.ok(UpdatesGetDifference.of(pts, 0, 1).withPtsLimit(3))
        instanceof UpdatesDifferenceSlice slice) {
      slice.newMessages().forEach(m -> seen.append(((Message) m).message()));
      pts = slice.intermediateState().pts();
    }
    UpdatesDifference last = (UpdatesDifference) bob.ok(UpdatesGetDifference.of(pts, 0, 1));
    last.newMessages().forEach(m -> seen.append(((Message) m).message()));
    assertEquals("m0m1m2m3m4m5m6", seen.toString());
    assertInstanceOf(
        UpdatesDifferenceEmpty.class, bob.ok(UpdatesGetDifference.of(last.state().pts(), 0, 1)));
  }

  @Test
  void anotherLifeOfTheServiceKnowsEverything() {
    send(alice, bob, "before");
    int pts = bob.ok(new UpdatesGetState()).pts();
    World after = new World(world.store);
    assertEquals("Alice", after.account(alice.account).firstName());
    World.Device newBob = after.new Device(after.account(bob.account));
    // The service has told bob a code and of a new login since.
    assertEquals(pts + 2, newBob.ok(new UpdatesGetState()).pts());
  }

  @Test
  void aForeignAccessHashOpensNothing() {
    Device eve = world.device("Eve");
    InputPeerUser bobForAlice = (InputPeerUser) alice.peer(bob);
    assertEquals(
        new Answer.Refusal<>(400, "PEER_ID_INVALID"),
        eve.call(MessagesSendMessage.of(bobForAlice, "hi", 1)));
  }

  @Test
  void whatTheStoreRefusedIsSeenByNobody() {
    FailingStore failing = new FailingStore();
    World shaky = new World(failing);
    Device a = shaky.device("A");
    Device b = shaky.device("B");
    AnyInputPeer peer = a.peer(b);
    int pts = b.ok(new UpdatesGetState()).pts();
    failing.fails = true;
    try {
      a.ok(MessagesSendMessage.of(peer, "lost", 1));
      throw new AssertionError("acknowledged what was not stored");
    } catch (StoreException expected) {
      failing.fails = false;
    }
    assertEquals(pts, b.ok(new UpdatesGetState()).pts());
    assertTrue(shaky.pushes.isEmpty());
    int before = a.ok(new UpdatesGetState()).pts();
    Message sent = message(a.ok(MessagesSendMessage.of(peer, "lost", 1)), 1);
    assertEquals(before + 1, sent.id(), "a message's id is the pts that brought it");
  }

  /** A memory store whose commits fail on demand. */
  private static final class FailingStore implements Store {
    private final Store store = new MemoryStore();
    boolean fails;

    @Override
    public Lease acquire(Partition partition) {
      return store.acquire(partition);
    }

    @Override
    public byte @Nullable [] get(Partition partition, byte[] key) {
      return store.get(partition, key);
    }

    @Override
    public List<Row> scan(
        Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
      return store.scan(partition, from, to, order, limit);
    }

    @Override
    public void commit(Batch batch) {
      if (fails) {
        throw new StoreException.Full("the disk is full", new java.io.IOException());
      }
      store.commit(batch);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}

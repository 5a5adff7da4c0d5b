package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import dev.starling.tl.api.AccountDeleteAccount;
import dev.starling.tl.api.AccountUpdateUsername;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsImportContacts;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.ContactsResolveUsername;
import dev.starling.tl.api.InputPhoneContact;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdateUser;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.User;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeletionTest {
  private static final byte[] FIRST = new byte[0];

  private final Mortal store = new Mortal();
  private final World world = new World(store);
  private final Device alice = world.device("Alice");
  private final Device tablet = world.new Device(world.account(alice.account));
  private final Device bob = world.device("Bob");
  private final String number = world.account(alice.account).phone();

  /** A store that dies after some commits: nothing that follows is written. */
  private static final class Mortal implements Store {
    private final MemoryStore rows = new MemoryStore();
    int left = Integer.MAX_VALUE;

    @Override
    public Lease acquire(Partition partition) {
      return rows.acquire(partition);
    }

    @Override
    public byte @Nullable [] get(Partition partition, byte[] key) {
      return rows.get(partition, key);
    }

    @Override
    public List<Row> scan(
        Partition partition, byte[] from, byte @Nullable [] to, Order order, int limit) {
      return rows.scan(partition, from, to, order, limit);
    }

    @Override
    public void commit(Batch batch) {
      if (left-- <= 0) {
        throw new StoreException.Unavailable("power cut");
      }
      rows.commit(batch);
    }

    @Override
    public void close() {}
  }

  private List<Row> rowsOf(Device device) {
    return store.scan(Rows.account(device.account), FIRST, null, Order.ASCENDING, 100);
  }

  private AnyInputPeer talk() {
    alice.ok(MessagesSendMessage.of(alice.peer(bob), "from Alice", 1));
    AnyInputPeer peer = bob.peer(alice);
    bob.ok(MessagesSendMessage.of(peer, "from Bob", 2));
    bob.ok(new ContactsImportContacts(List.of(InputPhoneContact.of(1, number, "My Alice", "X"))));
    return peer;
  }

  private User seenByBob(AnyInputPeer peer) {
    MessagesMessages history =
        (MessagesMessages) bob.ok(new MessagesGetHistory(peer, 0, 0, 0, 10, 0, 0, 0));
    assertEquals(2, history.messages().size(), "what was said to somebody is theirs");
    return history.users().stream()
        .map(User.class::cast)
        .filter(user -> user.id() == alice.account)
        .findFirst()
        .orElseThrow();
  }

  private void assertGone(AnyInputPeer peer) {
    User seen = seenByBob(peer);
    assertTrue(seen.deleted());
    assertNull(seen.firstName());
    assertNull(seen.phone());
    assertNull(seen.status());
    assertEquals(List.of(), rowsOf(alice));
    assertEquals(
        new Answer.Refusal<>(401, "AUTH_KEY_UNREGISTERED"), alice.call(new UpdatesGetState()));
    assertEquals(
        new Answer.Refusal<>(401, "AUTH_KEY_UNREGISTERED"), tablet.call(new UpdatesGetState()));
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_NOT_OCCUPIED"),
        bob.call(new ContactsResolvePhone(number)));
    assertEquals(1, world.messenger.accounts().list().size());
  }

  @Test
  void nothingIsLeftButWhatWasSaidToOthers() {
    alice.ok(new AccountUpdateUsername("alice"));
    AnyInputPeer peer = talk();
    alice.ok(AccountDeleteAccount.of("tired"));
    assertGone(peer);
    assertEquals(List.of(tablet.authKey), world.ended);
    var told = (Updates) world.pushed(bob).getLast();
    assertEquals(new UpdateUser(alice.account), told.updates().getFirst());
    assertTrue(((User) told.users().getFirst()).deleted());
    ContactsContacts contacts = (ContactsContacts) bob.ok(new ContactsGetContacts(0));
    assertEquals(List.of(), contacts.contacts());
  }

  @Test
  void theUsernameIsFreeAndTheNumberIsNobodysForEver() {
    alice.ok(new AccountUpdateUsername("alice"));
    alice.ok(AccountDeleteAccount.of(""));
    assertEquals(
        new Answer.Refusal<>(400, "USERNAME_NOT_OCCUPIED"),
        bob.call(ContactsResolveUsername.of("alice")));
    bob.ok(new AccountUpdateUsername("alice"));
    assertNull(world.messenger.accounts().byNumber(number));
    Indexes indexes = new Indexes(store, world);
    Indexes.Place place = indexes.place("numbers", number);
    assertTrue(store.get(place.partition(), place.key()) != null);
  }

  @Test
  void nobodyWritesToTheDeleted() {
    AnyInputPeer peer = talk();
    alice.ok(AccountDeleteAccount.of(""));
    bob.call(MessagesSendMessage.of(peer, "still there?", 3));
    bob.ok(new MessagesReadHistory(peer, 0));
    assertEquals(List.of(), rowsOf(alice));
  }

  @Test
  void aCrashAnywhereInBetweenIsFinishedAtTheNextStart() {
    int commits = 0;
    while (crashesAfter(commits)) {
      commits++;
    }
    assertTrue(commits > 5, "a deletion of so few steps was not cut anywhere");
  }

  /** Cuts the power after so many commits of a deletion; false when it was done by then. */
  private boolean crashesAfter(int commits) {
    Mortal disk = new Mortal();
    World first = new World(disk);
    Device carol = first.device("Carol");
    Device dave = first.device("Dave");
    carol.ok(MessagesSendMessage.of(carol.peer(dave), "hi", 1));
    AnyInputPeer peer = dave.peer(carol);
    boolean cut = false;
    disk.left = commits;
    try {
      first.messenger.deletion().delete(carol.account);
    } catch (StoreException e) {
      cut = true;
    }
    disk.left = Integer.MAX_VALUE;
    World second = new World(disk);
    if (second.messenger.accounts().byId(carol.account) == null) {
      List<Row> left = disk.scan(Rows.account(carol.account), FIRST, null, Order.ASCENDING, 100);
      assertEquals(List.of(), left, "cut after " + commits);
      assertEquals(0, carol.caller(second).accountId());
    } else {
      assertTrue(cut, "nothing was done");
    }
    assertEquals(
        List.of(), disk.scan(Partition.of("deletions", 0), FIRST, null, Order.ASCENDING, 10));
    var history = new MessagesGetHistory(peer, 0, 0, 0, 10, 0, 0, 0);
    var answer = second.messenger.methods().call(dave.caller(second), history);
    var seen = (MessagesMessages) assertInstanceOf(Answer.Result.class, answer).value();
    assertEquals(1, seen.messages().size());
    return cut;
  }
}

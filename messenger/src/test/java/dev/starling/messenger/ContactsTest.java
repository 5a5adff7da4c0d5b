package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AccountGetNotifySettings;
import dev.starling.tl.api.AccountResetNotifySettings;
import dev.starling.tl.api.AccountUpdateNotifySettings;
import dev.starling.tl.api.AccountUpdateProfile;
import dev.starling.tl.api.AccountUpdateUsername;
import dev.starling.tl.api.ContactsAcceptContact;
import dev.starling.tl.api.ContactsAddContact;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsContactsNotModified;
import dev.starling.tl.api.ContactsDeleteByPhones;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsImportContacts;
import dev.starling.tl.api.ContactsSearch;
import dev.starling.tl.api.Dialog;
import dev.starling.tl.api.InputDialogPeer;
import dev.starling.tl.api.InputNotifyPeer;
import dev.starling.tl.api.InputNotifyUsers;
import dev.starling.tl.api.InputPeerNotifySettings;
import dev.starling.tl.api.InputPhoneContact;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.MessagesGetPeerDialogs;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerNotifySettings;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateNotifySettings;
import dev.starling.tl.api.UpdateUserName;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UsersGetUsers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contacts, what others are told of a profile, notification settings. */
class ContactsTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");
  private final String number = world.account(bob.account).phone();

  private InputUser bobForAlice() {
    return new InputUser(bob.account, alice.hashOf(bob.account));
  }

  private ContactsContacts contacts() {
    return (ContactsContacts) alice.ok(new ContactsGetContacts(0));
  }

  @Test
  void contactsAreNotModifiedForWhoHasThem() {
    alice.ok(ContactsAddContact.of(bobForAlice(), "Bobby", "", ""));
    long hash = ContactMethods.hash(List.of(bob.account));
    assertInstanceOf(ContactsContactsNotModified.class, alice.ok(new ContactsGetContacts(hash)));
    assertInstanceOf(ContactsContacts.class, alice.ok(new ContactsGetContacts(hash + 1)));
    assertEquals(0, ((ContactsContacts) bob.ok(new ContactsGetContacts(0))).contacts().size());
  }

  @Test
  void theHashIsTheDocumentedOne() {
    // Worked out by the recipe of core.telegram.org/api/offsets: the count 1, then the id 7.
    assertEquals(
        (1L ^ (1L << 35) ^ ((1L ^ (1L << 35)) >>> 4)) + 7, ContactMethods.hash(List.of(7L)));
  }

  @Test
  void whoAcceptsAContactShowsTheNumber() {
    alice.ok(new ContactsAcceptContact(bobForAlice()));
    assertEquals("Bob", ((User) contacts().users().getFirst()).firstName());
    InputUser aliceForBob = new InputUser(alice.account, bob.hashOf(alice.account));
    User seen = (User) bob.ok(new UsersGetUsers(List.of(aliceForBob))).getFirst();
    assertEquals(world.account(alice.account).phone(), seen.phone());
  }

  @Test
  void onlyWhoseNumberIsKnownIsDeletedByIt() {
    alice.ok(ContactsAddContact.of(bobForAlice(), "Bobby", "", ""));
    alice.ok(new ContactsDeleteByPhones(List.of(number)));
    assertEquals(1, contacts().contacts().size());
    alice.ok(new ContactsImportContacts(List.of(InputPhoneContact.of(1, number, "Bobby", ""))));
    alice.ok(new ContactsDeleteByPhones(List.of("+" + number)));
    assertEquals(0, contacts().contacts().size());
  }

  @Test
  void walkingThroughAllNumbersMeetsAFloodWait() {
    for (int call = 0; call < 5; call++) {
      List<InputPhoneContact> book = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        book.add(InputPhoneContact.of(i, "888%08d".formatted(call * 100 + i), "x", ""));
        book.add(InputPhoneContact.of(i, "4930%08d".formatted(i), "of another world", ""));
      }
      assertEquals(0, alice.ok(new ContactsImportContacts(book)).imported().size());
    }
    assertEquals(
        new Answer.Refusal<>(420, "FLOOD_WAIT_86400"),
        alice.call(new ContactsImportContacts(List.of(InputPhoneContact.of(1, number, "B", "")))));
  }

  @Test
  void searchKnowsNamesBeginningsAndExactUsernames() {
    bob.ok(new AccountUpdateUsername("bob_the_builder"));
    assertEquals(
        List.of(new PeerUser(bob.account)),
        alice.ok(ContactsSearch.of("@Bob_The_Builder", 10)).results());
    assertEquals(List.of(), alice.ok(ContactsSearch.of("bob_the", 10)).results());
    alice.ok(ContactsAddContact.of(bobForAlice(), "Robert", "Smith", ""));
    for (String query : List.of("rob", "smi", "bob_the")) {
      assertEquals(
          List.of(new PeerUser(bob.account)),
          alice.ok(ContactsSearch.of(query, 10)).myResults(),
          query);
    }
    assertEquals(List.of(), alice.ok(ContactsSearch.of("ith", 10)).myResults());
  }

  @Test
  void reservedAndUglyUsernamesAreNotToBeHad() {
    assertEquals(
        new Answer.Refusal<>(400, "USERNAME_OCCUPIED"),
        alice.call(new AccountUpdateUsername("Support")));
    assertEquals(
        new Answer.Refusal<>(400, "USERNAME_INVALID"),
        alice.call(new AccountUpdateUsername("a__bcde")));
  }

  @Test
  void whomOneTalksWithLearnsANewNameAsTheyCallOne() {
    alice.ok(MessagesSendMessage.of(alice.peer(bob), "hi", 1));
    alice.ok(AccountUpdateProfile.of().withFirstName("Alicia"));
    Updates told = (Updates) world.pushed(bob).getLast();
    assertEquals(
        new UpdateUserName(alice.account, "Alicia", "", List.of()), told.updates().getFirst());
    assertEquals(
        new Answer.Refusal<>(400, "ABOUT_TOO_LONG"),
        alice.call(AccountUpdateProfile.of().withAbout("x".repeat(71))));
  }

  @Test
  void notificationSettingsAreKeptForEachChatAndTold() {
    var peer = new InputNotifyPeer(alice.peer(bob));
    alice.ok(new AccountUpdateNotifySettings(peer, InputPeerNotifySettings.of().withMuteUntil(9)));
    assertEquals(9, alice.ok(new AccountGetNotifySettings(peer)).muteUntil());
    var dialogs =
        alice.ok(new MessagesGetPeerDialogs(List.of(new InputDialogPeer(alice.peer(bob)))));
    assertEquals(9, ((Dialog) dialogs.dialogs().getFirst()).notifySettings().muteUntil());
    Updates told = (Updates) world.pushed(alice).getLast();
    assertInstanceOf(UpdateNotifySettings.class, told.updates().getFirst());
    var all = alice.ok(new AccountGetNotifySettings(new InputNotifyUsers()));
    assertEquals(true, all.showPreviews());
    assertEquals(false, all.silent());
    alice.ok(new AccountResetNotifySettings());
    assertEquals(PeerNotifySettings.of(), alice.ok(new AccountGetNotifySettings(peer)));
  }
}

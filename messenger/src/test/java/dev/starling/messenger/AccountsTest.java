package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AccountUpdateUsername;
import dev.starling.tl.api.ContactsContacts;
import dev.starling.tl.api.ContactsGetContacts;
import dev.starling.tl.api.ContactsImportContacts;
import dev.starling.tl.api.ContactsResolveUsername;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.InputPhoneContact;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UsersGetUsers;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");

  private static Answer<?> refused(int code, String message) {
    return new Answer.Refusal<>(code, message);
  }

  @Test
  void aUsernameIsFoundInAnyCaseAndHasOneHolder() {
    alice.ok(new AccountUpdateUsername("Alice_1"));
    assertEquals(new PeerUser(alice.account), bob.ok(ContactsResolveUsername.of("alice_1")).peer());
    assertEquals(refused(400, "USERNAME_OCCUPIED"), bob.call(new AccountUpdateUsername("ALICE_1")));
    assertEquals(
        refused(400, "USERNAME_NOT_MODIFIED"), alice.call(new AccountUpdateUsername("Alice_1")));
    alice.ok(new AccountUpdateUsername(""));
    assertEquals(
        refused(400, "USERNAME_NOT_OCCUPIED"), bob.call(ContactsResolveUsername.of("alice_1")));
    bob.ok(new AccountUpdateUsername("ALICE_1"));
  }

  @Test
  void changingTheCaseOfOnesUsernameKeepsIt() {
    alice.ok(new AccountUpdateUsername("alice"));
    alice.ok(new AccountUpdateUsername("Alice"));
    assertEquals(new PeerUser(alice.account), bob.ok(ContactsResolveUsername.of("alice")).peer());
  }

  @Test
  void wrongUsernamesAreRefused() {
    for (String wrong : List.of("abcd", "1abcde", "ab cde", "abcde_", "a".repeat(33), "бабушка")) {
      assertEquals(
          refused(400, "USERNAME_INVALID"), alice.call(new AccountUpdateUsername(wrong)), wrong);
    }
  }

  @Test
  void importingANumberFindsItsAccountAndNobodyElse() {
    String number = world.account(bob.account).phone();
    var imported =
        alice.ok(
            new ContactsImportContacts(
                List.of(
                    InputPhoneContact.of(1, "+" + number, "Bobby", ""),
                    InputPhoneContact.of(2, "+88812", "Nobody", ""))));
    assertEquals(1, imported.imported().size());
    User seen = (User) imported.users().getFirst();
    assertEquals("Bobby", seen.firstName());
    assertEquals(number, seen.phone());
    assertTrue(seen.contact());
    assertFalse(seen.mutualContact());
  }

  @Test
  void whoFoundAUsernameDoesNotLearnTheNumber() {
    alice.ok(new AccountUpdateUsername("alice"));
    User seen = (User) bob.ok(ContactsResolveUsername.of("alice")).users().getFirst();
    assertNull(seen.phone());
  }

  @Test
  void contactsWhoKnowEachOtherAreMutual() {
    importNumber(alice, bob);
    importNumber(bob, alice);
    ContactsContacts contacts =
        assertInstanceOf(ContactsContacts.class, alice.ok(new ContactsGetContacts(0)));
    assertTrue(contacts.contacts().getFirst().mutual());
  }

  private void importNumber(Device device, Device other) {
    String number = world.account(other.account).phone();
    device.ok(new ContactsImportContacts(List.of(InputPhoneContact.of(1, number, "", ""))));
  }

  @Test
  void aUserAskedForWithAForeignHashIsLeftOut() {
    Device eve = world.device("Eve");
    InputPeerUser bobForAlice = (InputPeerUser) alice.peer(bob);
    InputUser asked = new InputUser(bobForAlice.userId(), bobForAlice.accessHash());
    assertEquals(1, alice.ok(new UsersGetUsers(List.of(asked))).size());
    assertEquals(0, eve.ok(new UsersGetUsers(List.of(asked))).size());
  }

  @Test
  void theOperatorSeesEverybody() {
    assertEquals(2, world.messenger.accounts().list().size());
  }
}

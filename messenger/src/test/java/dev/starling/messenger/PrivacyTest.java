package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AccountGetPrivacy;
import dev.starling.tl.api.AccountSetPrivacy;
import dev.starling.tl.api.AccountUpdateProfile;
import dev.starling.tl.api.AccountUpdateStatus;
import dev.starling.tl.api.AnyInputPrivacyKey;
import dev.starling.tl.api.AnyInputPrivacyRule;
import dev.starling.tl.api.AnyUserStatus;
import dev.starling.tl.api.ContactsAddContact;
import dev.starling.tl.api.ContactsBlock;
import dev.starling.tl.api.ContactsGetStatuses;
import dev.starling.tl.api.ContactsImportContacts;
import dev.starling.tl.api.ContactsResolvePhone;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPhoneContact;
import dev.starling.tl.api.InputPrivacyKeyAbout;
import dev.starling.tl.api.InputPrivacyKeyAddedByPhone;
import dev.starling.tl.api.InputPrivacyKeyForwards;
import dev.starling.tl.api.InputPrivacyKeyPhoneNumber;
import dev.starling.tl.api.InputPrivacyKeyStatusTimestamp;
import dev.starling.tl.api.InputPrivacyValueAllowAll;
import dev.starling.tl.api.InputPrivacyValueAllowContacts;
import dev.starling.tl.api.InputPrivacyValueAllowUsers;
import dev.starling.tl.api.InputPrivacyValueDisallowAll;
import dev.starling.tl.api.InputPrivacyValueDisallowUsers;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesForwardMessages;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PrivacyValueAllowContacts;
import dev.starling.tl.api.PrivacyValueDisallowAll;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.UpdatePrivacy;
import dev.starling.tl.api.UpdateUser;
import dev.starling.tl.api.UpdateUserStatus;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.User;
import dev.starling.tl.api.UserFull;
import dev.starling.tl.api.UserStatusOffline;
import dev.starling.tl.api.UserStatusOnline;
import dev.starling.tl.api.UserStatusRecently;
import dev.starling.tl.api.UsersGetFullUser;
import dev.starling.tl.api.UsersGetUsers;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Privacy rules, and presence, which they are mostly about. */
class PrivacyTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");

  private InputUser input(Device viewer, Device other) {
    return new InputUser(other.account, viewer.hashOf(other.account));
  }

  private User seen(Device viewer, Device other) {
    return (User) viewer.ok(new UsersGetUsers(List.of(input(viewer, other)))).getFirst();
  }

  private UserFull full(Device viewer, Device other) {
    return viewer.ok(new UsersGetFullUser(input(viewer, other))).fullUser();
  }

  private void set(Device device, AnyInputPrivacyKey key, AnyInputPrivacyRule... rules) {
    device.ok(new AccountSetPrivacy(key, List.of(rules)));
  }

  private void add(Device owner, Device other) {
    owner.ok(ContactsAddContact.of(input(owner, other), "C", "", ""));
  }

  @Test
  void theNumberIsShownToContactsUnlessTheRulesSayOtherwise() {
    assertNull(seen(bob, alice).phone());
    add(alice, bob);
    assertEquals(world.account(alice.account).phone(), seen(bob, alice).phone());
    var key = new InputPrivacyKeyPhoneNumber();
    set(alice, key, new InputPrivacyValueDisallowAll());
    assertNull(seen(bob, alice).phone());
    set(
        alice,
        key,
        new InputPrivacyValueAllowUsers(List.of(input(alice, bob))),
        new InputPrivacyValueDisallowAll());
    assertEquals(world.account(alice.account).phone(), seen(bob, alice).phone());
  }

  @Test
  void anExceptionMadeWhileAddingAContactShowsTheNumber() {
    set(alice, new InputPrivacyKeyPhoneNumber(), new InputPrivacyValueDisallowAll());
    alice.ok(
        ContactsAddContact.of(input(alice, bob), "B", "", "").withAddPhonePrivacyException(true));
    assertEquals(world.account(alice.account).phone(), seen(bob, alice).phone());
  }

  @Test
  void whoIsNotToBeFoundByNumberIsAsIfThereWereNoAccount() {
    String number = world.account(alice.account).phone();
    set(alice, new InputPrivacyKeyAddedByPhone(), new InputPrivacyValueAllowContacts());
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_NOT_OCCUPIED"),
        bob.call(new ContactsResolvePhone(number)));
    var book = new ContactsImportContacts(List.of(InputPhoneContact.of(1, number, "A", "")));
    assertEquals(List.of(), bob.ok(book).imported());
    add(alice, bob);
    assertEquals(1, bob.ok(book).imported().size());
  }

  @Test
  void rulesAreAnsweredAndTheOtherDevicesAreTold() {
    var key = new InputPrivacyKeyStatusTimestamp();
    set(alice, key, new InputPrivacyValueAllowContacts());
    assertEquals(
        List.of(new PrivacyValueAllowContacts()), alice.ok(new AccountGetPrivacy(key)).rules());
    Updates told = (Updates) world.pushed(alice).getLast();
    assertInstanceOf(UpdatePrivacy.class, told.updates().getFirst());
    assertEquals(
        new Answer.Refusal<>(400, "PRIVACY_VALUE_INVALID"),
        alice.call(
            new AccountSetPrivacy(
                key, List.of(new InputPrivacyValueDisallowUsers(List.of(new InputUser(1, 2)))))));
  }

  @Test
  void noRuleAtAllIsNobody() {
    var key = new InputPrivacyKeyStatusTimestamp();
    assertEquals(
        List.of(new PrivacyValueDisallowAll()),
        alice.ok(new AccountSetPrivacy(key, List.of())).rules());
  }

  @Test
  void rulesOutliveARestart() {
    set(alice, new InputPrivacyKeyStatusTimestamp(), new InputPrivacyValueDisallowAll());
    alice.ok(new AccountUpdateStatus(false));
    World later = new World(world.store);
    later.now = world.now + Presence.GRAIN_SECONDS;
    var asked = new UsersGetUsers(List.of(input(bob, alice)));
    var answer = (Answer.Result<?>) later.messenger.methods().call(bob.caller(later), asked);
    User seen = (User) ((List<?>) answer.value()).getFirst();
    assertEquals(new UserStatusRecently(false), seen.status());
  }

  @Test
  void whoIsOnlineIsSeenOnlineAndThenWhenTheyLeft() {
    alice.ok(new AccountUpdateStatus(false));
    assertEquals(
        new UserStatusOnline((int) world.now + Presence.ONLINE_SECONDS), seen(bob, alice).status());
    world.now += 40;
    alice.ok(new AccountUpdateStatus(true));
    assertEquals(new UserStatusOffline((int) world.now), seen(bob, alice).status());
  }

  @Test
  void whomOneTalksWithLosesSightOfWhoHidesAtOnce() {
    alice.ok(MessagesSendMessage.of(alice.peer(bob), "hi", 1));
    alice.ok(new AccountUpdateStatus(false));
    set(alice, new InputPrivacyKeyStatusTimestamp(), new InputPrivacyValueDisallowAll());
    Updates told = (Updates) world.pushed(bob).getLast();
    assertEquals(
        new UpdateUserStatus(alice.account, new UserStatusRecently(false)),
        told.updates().getFirst());
  }

  @Test
  void whoSaysNothingIsAwayAfterAWhile() {
    alice.ok(new AccountUpdateStatus(false));
    int until = (int) world.now + Presence.ONLINE_SECONDS;
    world.now = until + 1L;
    assertEquals(new UserStatusOffline(until), seen(bob, alice).status());
  }

  @Test
  void whoHidesSeesOthersInOutlineOnly() {
    set(bob, new InputPrivacyKeyStatusTimestamp(), new InputPrivacyValueDisallowAll());
    alice.ok(new AccountUpdateStatus(false));
    bob.ok(new AccountUpdateStatus(false));
    assertEquals(new UserStatusRecently(true), seen(bob, alice).status());
    assertEquals(new UserStatusRecently(false), seen(alice, bob).status());
  }

  @Test
  void whomOneTalksWithIsToldOnceAndNotForEachPacket() {
    alice.ok(MessagesSendMessage.of(alice.peer(bob), "hi", 1));
    int before = world.pushed(bob).size();
    alice.ok(new AccountUpdateStatus(false));
    world.now += 10;
    alice.ok(new AccountUpdateStatus(false));
    assertEquals(before + 1, world.pushed(bob).size());
    Updates told = (Updates) world.pushed(bob).getLast();
    AnyUserStatus status = ((UpdateUserStatus) told.updates().getFirst()).status();
    assertInstanceOf(UserStatusOnline.class, status);
    alice.ok(new AccountUpdateStatus(true));
    assertEquals(before + 2, world.pushed(bob).size());
  }

  @Test
  void whoIsBlockedSeesNeitherStatusNorNumberNorAccount() {
    add(alice, bob);
    alice.ok(new AccountUpdateStatus(false));
    alice.ok(AccountUpdateProfile.of().withAbout("I sing"));
    alice.ok(ContactsBlock.of(alice.peer(bob)));
    assertNull(seen(bob, alice).status());
    assertNull(seen(bob, alice).phone());
    assertNull(full(bob, alice).about());
    assertTrue(full(alice, bob).blocked());
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_NOT_OCCUPIED"),
        bob.call(new ContactsResolvePhone(world.account(alice.account).phone())));
  }

  @Test
  void whoForbidsItIsNotLinkedFromForwardedMessages() {
    set(alice, new InputPrivacyKeyForwards(), new InputPrivacyValueDisallowAll());
    alice.ok(MessagesSendMessage.of(alice.peer(bob), "hi", 1));
    int id = bob.ok(new UpdatesGetState()).pts();
    var forward =
        MessagesForwardMessages.of(bob.peer(alice), List.of(id), List.of(77L), new InputPeerSelf());
    Updates forwarded = (Updates) bob.ok(forward);
    var message =
        forwarded.updates().stream()
            .filter(UpdateNewMessage.class::isInstance)
            .map(update -> (Message) ((UpdateNewMessage) update).message())
            .findFirst()
            .orElseThrow();
    var header = Objects.requireNonNull(message.fwdFrom());
    assertNull(header.fromId());
    assertEquals("Alice", header.fromName());
  }

  @Test
  void statusesOfContactsAreListed() {
    add(bob, alice);
    alice.ok(new AccountUpdateStatus(false));
    assertInstanceOf(UserStatusOnline.class, bob.ok(new ContactsGetStatuses()).getFirst().status());
  }

  @Test
  void aboutAndForwardsFollowTheirRules() {
    alice.ok(AccountUpdateProfile.of().withAbout("I sing"));
    assertEquals("I sing", full(bob, alice).about());
    assertNull(full(bob, alice).privateForwardName());
    set(alice, new InputPrivacyKeyAbout(), new InputPrivacyValueDisallowAll());
    set(alice, new InputPrivacyKeyForwards(), new InputPrivacyValueDisallowAll());
    assertNull(full(bob, alice).about());
    assertEquals("Alice", full(bob, alice).privateForwardName());
    assertEquals("I sing", full(alice, alice).about());
    set(alice, new InputPrivacyKeyAbout(), new InputPrivacyValueAllowAll());
    assertTrue(full(bob, alice).settings().addContact());
  }

  @Test
  void whatOneSaysOfOneselfIsNewsToWhoMaySeeIt() {
    Device carol = world.device("Carol");
    alice.ok(MessagesSendMessage.of(alice.peer(bob), "hi", 1));
    alice.ok(MessagesSendMessage.of(alice.peer(carol), "hi", 2));
    alice.ok(
        new AccountSetPrivacy(
            new InputPrivacyKeyAbout(),
            List.of(
                new InputPrivacyValueDisallowUsers(List.of(input(alice, carol))),
                new InputPrivacyValueAllowAll())));
    world.pushes.clear();
    alice.ok(AccountUpdateProfile.of().withAbout("birds"));
    Updates told = (Updates) world.pushed(bob).getFirst();
    assertEquals(List.of(new UpdateUser(alice.account)), told.updates());
    assertEquals(List.of(), world.pushed(carol));
  }
}

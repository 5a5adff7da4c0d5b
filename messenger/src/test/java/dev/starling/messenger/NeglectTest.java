package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.tl.api.AccountDaysTTL;
import dev.starling.tl.api.AccountGetAccountTTL;
import dev.starling.tl.api.AccountGetAuthorizations;
import dev.starling.tl.api.AccountSetAccountTTL;
import dev.starling.tl.api.AccountSetAuthorizationTTL;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdatesGetState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Accounts and devices that nobody uses come to their end, and no others. */
class NeglectTest {
  private static final int DAY = 24 * 3600;

  private final World world = new World();
  private final Device alice = world.device("Alice");

  private void walk(int times) {
    for (int step = 0; step < times * Neglect.STEPS; step++) {
      world.messenger.sweep();
    }
  }

  private static int devices(Device device) {
    return device.ok(new AccountGetAuthorizations()).authorizations().size();
  }

  @Test
  void anAccountThatNobodyUsesIsDeleted() {
    assertEquals(Neglect.ACCOUNT_TTL_DAYS, alice.ok(new AccountGetAccountTTL()).days());
    alice.ok(new AccountSetAccountTTL(new AccountDaysTTL(30)));
    Device bob = world.device("Bob");
    walk(1);
    world.now += 32 * DAY;
    bob.ok(new UpdatesGetState());
    walk(Neglect.WALKS + 1);
    assertNull(world.messenger.accounts().byId(alice.account));
    assertNotNull(world.messenger.accounts().byId(bob.account));
    assertEquals("AUTH_KEY_UNREGISTERED", refusal(alice));
  }

  private static String refusal(Device device) {
    return assertInstanceOf(Answer.Refusal.class, device.call(new UpdatesGetState())).message();
  }

  @Test
  void whateverOneAsksKeepsTheAccount() {
    alice.ok(new AccountSetAccountTTL(new AccountDaysTTL(30)));
    for (int month = 0; month < 6; month++) {
      world.now += 29 * DAY;
      alice.ok(MessagesSendMessage.of(new InputPeerSelf(), "note", month + 1));
      walk(Neglect.WALKS + 1);
    }
    assertNotNull(world.messenger.accounts().byId(alice.account));
  }

  @Test
  void aClockThatLeapsForAWhileEndsNothing() {
    world.now += 10_000L * DAY;
    walk(Neglect.WALKS - 1);
    world.now -= 10_000L * DAY;
    walk(2);
    world.now += 10_000L * DAY;
    walk(Neglect.WALKS - 1);
    assertNotNull(world.messenger.accounts().byId(alice.account));
    assertEquals(1, devices(alice));
  }

  @Test
  void anAccountOfWhichNothingIsNotedBeginsItsTime() {
    var invited = world.messenger.accounts().create("");
    world.now += 2L * Neglect.ACCOUNT_TTL_DAYS * DAY;
    walk(Neglect.WALKS + 2);
    assertNotNull(world.messenger.accounts().byId(invited.id()));
    world.now += (Neglect.ACCOUNT_TTL_DAYS + 1L) * DAY;
    walk(Neglect.WALKS + 1);
    assertNull(world.messenger.accounts().byId(invited.id()));
  }

  @Test
  void aSilentDeviceIsEnded() {
    Device tablet = world.new Device(world.account(alice.account));
    alice.ok(new AccountSetAuthorizationTTL(7));
    world.now += 8 * DAY;
    alice.ok(new HelpGetConfig());
    alice.ok(new AccountGetAccountTTL());
    walk(Neglect.WALKS + 1);
    assertEquals(1, devices(alice));
    assertEquals(List.of(tablet.authKey), world.ended);
    assertEquals("AUTH_KEY_UNREGISTERED", refusal(tablet));
  }

  @Test
  void whatNoLimitCountsAnyMoreIsForgotten() {
    int asked = limitRows();
    assertTrue(asked > 0, "codes were asked for");
    walk(1);
    assertEquals(asked, limitRows(), "less than a day ago");
    world.now += DAY + 1;
    walk(1);
    assertEquals(0, limitRows());
  }

  private int limitRows() {
    int rows = 0;
    for (int i = 0; i < 64; i++) {
      rows +=
          world
              .store
              .scan(Partition.of("limits", i), new byte[0], null, Order.ASCENDING, 100)
              .size();
    }
    return rows;
  }
}

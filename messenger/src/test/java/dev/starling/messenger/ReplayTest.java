package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.store.MemoryStore;
import dev.starling.store.Order;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.MessagesDeleteMessages;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSaveDraft;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.UpdatesState;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A box that leaves memory at any moment comes back as it was, though most messages write neither
 * its row nor the dialog's.
 */
class ReplayTest {
  private final MemoryStore store = new MemoryStore();
  private World world = new World(store);
  private final Random random = new Random(11);
  private long randomId = 1;

  @Test
  void aBoxIsReadAsItWasLeft() {
    Device[] devices = {world.device("Ann"), world.device("Bob"), world.device("Cem")};
    for (int life = 0; life < 25; life++) {
      for (int steps = random.nextInt(100); steps > 0; steps--) {
        step(devices[random.nextInt(3)], devices[random.nextInt(3)]);
      }
      World next = new World(store);
      next.now = world.now;
      for (int i = 0; i < devices.length; i++) {
        Device after = next.new Device(devices[i]);
        assertEquals(state(devices[i]), state(after), "life " + life);
        assertEquals(dialogs(devices[i]), dialogs(after), "life " + life);
        devices[i] = after;
      }
      world = next;
    }
  }

  @Test
  void aRestoredBoxLeapsWithWhatItsLogSays() {
    Device ann = world.device("Ann");
    Device bob = world.device("Bob");
    for (int i = 0; i < 5; i++) {
      ann.ok(MessagesSendMessage.of(peer(ann, bob), "hi", randomId++));
    }
    AnyMessagesDialogs before = dialogs(bob);
    int pts = state(bob).pts();
    Resync.apply(store, Duration.ZERO);
    Device restored = new World(store).new Device(bob);
    assertTrue(state(restored).pts() >= pts + Resync.LEAP_MIN);
    assertEquals(before, dialogs(restored));
  }

  @Test
  void mostMessagesWriteThreeRowsOfABox() {
    Device ann = world.device("Ann");
    Device bob = world.device("Bob");
    int messages = 3 * Mailbox.UNSAVED_MAX;
    for (int before = 0, i = 0; i < 2 * messages; i++) {
      if (i == messages) {
        before = rows(ann); // row and dialog are there by now
      }
      ann.ok(MessagesSendMessage.of(peer(ann, bob), "hi", randomId++));
      assertTrue(before == 0 || rows(ann) == before + 3 * (i + 1 - messages));
    }
  }

  private int rows(Device device) {
    return store
        .scan(Rows.account(device.account), new byte[0], null, Order.ASCENDING, 10_000)
        .size();
  }

  private void step(Device a, Device b) {
    world.now += random.nextInt(3) - 1;
    switch (random.nextInt(12)) {
      case 0 -> a.ok(new MessagesReadHistory(peer(a, b), Integer.MAX_VALUE));
      case 1 -> a.ok(MessagesDeleteMessages.of(List.of(state(a).pts())).withRevoke(true));
      case 2 -> a.ok(MessagesSaveDraft.of(peer(a, b), "so"));
      default -> a.ok(MessagesSendMessage.of(peer(a, b), "hi", randomId++));
    }
  }

  private static AnyInputPeer peer(Device a, Device b) {
    return a == b ? new InputPeerSelf() : new InputPeerUser(b.account, a.hashOf(b.account));
  }

  private static UpdatesState state(Device device) {
    return device.ok(new UpdatesGetState());
  }

  private static AnyMessagesDialogs dialogs(Device device) {
    return device.ok(MessagesGetDialogs.of(0, 0, new InputPeerEmpty(), 100, 0));
  }
}

package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesDifference;
import dev.starling.tl.api.UpdatesGetDifference;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The clock of the machine leaps, also back and over a restart: no number and no date goes back.
 */
class ClockTest {
  private World world = new World();
  private Device alice = world.device("Alice");
  private Device bob = world.device("Bob");
  private long randomId = 1;
  private int pts;
  private int id;
  private int date;

  @Test
  void nothingGoesBack() {
    int start = bobsPts();
    for (int leap : List.of(0, 600, -600, 0, -3_600, 60, -600, 7_200, -3_600)) {
      world.now += leap;
      send();
      send();
      long now = world.now;
      world = new World(world.store);
      world.now = now;
      alice = world.new Device(alice);
      bob = world.new Device(bob);
      send();
    }
    UpdatesDifference all = (UpdatesDifference) bob.ok(UpdatesGetDifference.of(start, 0, 1));
    List<Integer> dates = all.newMessages().stream().map(m -> ((Message) m).date()).toList();
    assertEquals(27, dates.size());
    assertEquals(dates.stream().sorted().toList(), dates);
  }

  private int bobsPts() {
    return bob.ok(new dev.starling.tl.api.UpdatesGetState()).pts();
  }

  private void send() {
    Updates sent = (Updates) alice.ok(MessagesSendMessage.of(alice.peer(bob), "tick", randomId++));
    UpdateNewMessage update = (UpdateNewMessage) sent.updates().get(1);
    Message message = (Message) update.message();
    assertTrue(update.pts() > pts && message.id() > id && message.date() >= date);
    pts = update.pts();
    id = message.id();
    date = message.date();
  }
}

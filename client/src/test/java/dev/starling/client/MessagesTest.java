package dev.starling.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateReadHistoryOutbox;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesGetDifference;
import dev.starling.tl.api.UpdatesTooLong;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MessagesTest implements Messages.Listener {
  private final Box box = new Box();
  private final Queue<Runnable> later = new ArrayDeque<>();
  private final List<Integer> told = new ArrayList<>();
  private final List<String> marks = new ArrayList<>();
  private boolean impatient;
  private final Messages messages =
      new Messages(
          box,
          new People(),
          this,
          new Env(() -> Instant.EPOCH, new Random(1), (_, task) -> after(task)),
          Runnable::run);

  private Scheduler.Cancellable after(Runnable task) {
    if (impatient) {
      task.run();
    } else {
      later.add(task);
    }
    return () -> later.remove(task);
  }

  private void runLater() {
    for (Runnable task = later.poll(); task != null; task = later.poll()) {
      task.run();
    }
  }

  @Override
  public void message(Message message) {
    told.add(message.id());
  }

  @Override
  public void readByUser(long user, int maxId) {
    marks.add(user + " read " + maxId);
  }

  @Override
  public void connection(Event event) {
    marks.add(event.toString());
  }

  private void hear(AnyUpdates updates) {
    messages.hear(new Event.Pushed(updates));
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  private long differences() {
    return box.asked.stream().filter(UpdatesGetDifference.class::isInstance).count();
  }

  @Test
  void pushesAreToldAsTheyCome() {
    messages.start(null);
    hear(box.arrive());
    hear(box.arrive());
    assertEquals(upTo(2), told);
    assertEquals(new Position(2, 1, Box.DATE), messages.position());
    assertEquals(0, differences());
  }

  @Test
  void whatHappenedBeforeTheStartIsNotTold() {
    box.arrive();
    messages.start(null);
    hear(box.arrive());
    assertEquals(List.of(2), told);
  }

  @Test
  void whatHappenedSinceAPositionIsToldInSlices() {
    for (int i = 0; i < 10; i++) {
      box.arrive();
    }
    messages.start(new Position(2, 1, Box.DATE));
    assertEquals(IntStream.rangeClosed(3, 10).boxed().toList(), told);
    assertEquals(3, differences());
  }

  @Test
  void aGapIsClosedByTheDifferenceAfterSomePatience() {
    messages.start(null);
    box.arrive();
    AnyUpdates second = box.arrive();
    hear(second);
    assertEquals(List.of(), told);
    runLater();
    assertEquals(upTo(2), told);
    hear(second);
    assertEquals(upTo(2), told);
  }

  @Test
  void aGapThatClosesByItselfNeedsNoDifference() {
    messages.start(null);
    AnyUpdates first = box.arrive();
    hear(box.arrive());
    hear(first);
    runLater();
    assertEquals(upTo(2), told);
    assertEquals(0, differences());
  }

  @Test
  void missedPushesAndTooManyOfThemAreMadeUpFor() {
    messages.start(null);
    box.arrive();
    messages.hear(new Event.Missed());
    assertEquals(upTo(1), told);
    box.arrive();
    hear(new UpdatesTooLong());
    assertEquals(upTo(2), told);
    box.arrive();
    messages.hear(new Event.Restored());
    assertEquals(upTo(3), told);
  }

  @Test
  void whatIsSentIsToldInItsPlace() {
    messages.start(null);
    hear(box.arrive());
    assertEquals(new Messages.Sent(2, Box.DATE), messages.send(new InputPeerSelf(), "hello"));
    hear(box.arrive());
    assertEquals(upTo(3), told);
    assertEquals(0, differences());
  }

  @Test
  void sendingIsRepeatedUnderOneRandomId() {
    impatient = true;
    messages.start(null);
    box.refusals.add(new RpcException(500, "RPC_CALL_FAIL"));
    box.refusals.add(new RpcException(-503, "Timeout"));
    messages.send(new InputPeerSelf(), 77, "hello");
    messages.send(new InputPeerSelf(), 77, "hello");
    assertEquals(upTo(1), told);
    assertEquals(
        4,
        box.asked.stream()
            .filter(m -> m instanceof MessagesSendMessage s && s.randomId() == 77)
            .count());
  }

  @Test
  void aRefusalIsNotRepeated() {
    messages.start(null);
    box.refusals.add(new RpcException(400, "PEER_ID_INVALID"));
    assertThrows(RpcException.class, () -> messages.send(new InputPeerSelf(), "hello"));
    assertEquals(0, box.pts());
  }

  @Test
  void aDifferenceThatFailsIsAskedAgain() {
    messages.start(null);
    box.arrive();
    box.refusals.add(new RpcException(500, "RPC_CALL_FAIL"));
    messages.hear(new Event.Missed());
    assertEquals(List.of(), told);
    runLater();
    assertEquals(upTo(1), told);
  }

  @Test
  void whatWeReadMovesThePositionAndIsNotTold() {
    messages.start(null);
    hear(box.arrive());
    messages.markRead(new InputPeerSelf(), 1);
    hear(box.arrive());
    assertEquals(List.of(1, 3), told);
    assertEquals(new Position(3, 1, Box.DATE), messages.position());
    assertEquals(0, differences());
  }

  @Test
  void aServerThatAsksToWaitIsAskedLater() {
    messages.start(null);
    box.arrive();
    box.refusals.add(new RpcException(420, "FLOOD_WAIT_3"));
    messages.hear(new Event.Missed());
    assertEquals(List.of(), told);
    runLater();
    assertEquals(upTo(1), told);
  }

  @Test
  void theStateOfTheConnectionIsToldOnce() {
    messages.hear(new Event.Lost("x"));
    messages.hear(new Event.Lost("x"));
    messages.hear(new Event.Restored());
    assertEquals(List.of("Lost[why=x]", "Restored[]"), marks);
  }

  @Test
  void readMarksAreTold() {
    messages.start(null);
    AnyUpdate read = new UpdateReadHistoryOutbox(new PeerUser(5), 9, 1, 1);
    hear(new Updates(List.of(read), List.of(), List.of(), Box.DATE, 0));
    assertEquals(List.of("5 read 9"), marks);
  }

  /** Whatever a network does to pushes, in the end each message is told once and in order. */
  @Property(tries = 500)
  void eachMessageOnceAndInOrder(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int events) {
    MessagesTest world = new MessagesTest();
    world.box.sliceMax = 1 + Math.floorMod((int) seed, 7);
    world.play(new Random(seed), events);
    assertEquals(upTo(world.box.pts()), world.told, "seed " + seed);
  }

  private void play(Random random, int events) {
    messages.start(null);
    List<AnyUpdates> underway = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      switch (random.nextInt(8)) {
        case 0 -> {
          impatient = true; // it waits between attempts
          try {
            messages.send(new InputPeerSelf(), random.nextLong(4), "mine"); // some again
          } catch (RpcException _) {
            // Refused once too often: not sent.
          }
          impatient = false;
        }
        case 1 -> runLater();
        case 2 -> messages.hear(new Event.Missed());
        case 3 -> box.refusals.add(new RpcException(500, "RPC_CALL_FAIL"));
        case 4, 5 -> underway.add(box.arrive());
        default -> {
          if (!underway.isEmpty()) {
            int which = random.nextInt(underway.size());
            // Delivered, delivered twice, or lost.
            hear(underway.get(which));
            if (random.nextBoolean()) {
              underway.remove(which);
            }
          }
        }
      }
      assertEquals(upTo(told.size()), told);
    }
    box.refusals.clear();
    messages.hear(new Event.Missed());
  }
}

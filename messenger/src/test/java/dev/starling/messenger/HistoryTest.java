package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.MessagesSendMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pages of a history, against a list that is simply sorted and cut. */
class HistoryTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");
  private final List<Message> newestFirst = new ArrayList<>();
  private final AnyInputPeer peer = alice.peer(bob);

  private void talk() {
    for (int i = 0; i < 60; i++) {
      world.now += 10;
      alice.ok(
          MessagesSendMessage.of(new InputPeerSelf(), "note, so that ids have gaps", 1000 + i));
      alice.ok(MessagesSendMessage.of(peer, "m" + i, i + 1));
    }
    messages(alice.ok(new MessagesGetHistory(peer, 0, 0, 0, 100, 0, 0, 0)))
        .forEach(m -> newestFirst.add((Message) m));
    assertEquals(60, newestFirst.size());
    assertEquals(
        newestFirst.stream().sorted(Comparator.comparingInt(Message::id).reversed()).toList(),
        newestFirst);
  }

  private static List<AnyMessage> messages(AnyMessagesMessages answer) {
    return switch (answer) {
      case MessagesMessages whole -> whole.messages();
      case MessagesMessagesSlice slice -> slice.messages();
      default -> throw new AssertionError(answer.getClass());
    };
  }

  private List<Integer> page(
      int offsetId, int offsetDate, int addOffset, int limit, int maxId, int minId) {
    var answer =
        alice.ok(
            new MessagesGetHistory(peer, offsetId, offsetDate, addOffset, limit, maxId, minId, 0));
    return messages(answer).stream().map(m -> ((Message) m).id()).toList();
  }

  /** The rule of core.telegram.org/api/offsets, said plainly. */
  private List<Integer> expected(
      int offsetId, int offsetDate, int addOffset, int limit, int maxId, int minId) {
    List<Message> within =
        newestFirst.stream()
            .filter(m -> (maxId == 0 || m.id() < maxId) && (minId == 0 || m.id() > minId))
            .toList();
    int begin = 0;
    while (begin < within.size()
        && ((offsetId > 0 && within.get(begin).id() >= offsetId)
            || (offsetId == 0 && offsetDate > 0 && within.get(begin).date() >= offsetDate))) {
      begin++;
    }
    int from = begin + addOffset;
    return within
        .subList(
            Math.clamp(from, 0, within.size()), Math.clamp((long) from + limit, 0, within.size()))
        .stream()
        .map(Message::id)
        .toList();
  }

  @Test
  void everyPageIsWhatTheOffsetsSay() {
    talk();
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      int offsetId = random.nextBoolean() ? 0 : random.nextInt(130);
      int offsetDate = random.nextBoolean() ? 0 : newestFirst.get(random.nextInt(60)).date();
      int addOffset = random.nextInt(-30, 30);
      int limit = random.nextInt(0, 40);
      int maxId = random.nextInt(4) > 0 ? 0 : random.nextInt(130);
      int minId = random.nextInt(4) > 0 ? 0 : random.nextInt(130);
      assertEquals(
          expected(offsetId, offsetDate, addOffset, limit, maxId, minId),
          page(offsetId, offsetDate, addOffset, limit, maxId, minId),
          () -> "id %d date %d add %d limit %d".formatted(offsetId, offsetDate, addOffset, limit));
    }
  }
}

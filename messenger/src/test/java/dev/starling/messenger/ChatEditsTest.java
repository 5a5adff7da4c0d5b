package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.InputMessageReplyTo;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputReplyToMessage;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageActionHistoryClear;
import dev.starling.tl.api.MessageEntityUrl;
import dev.starling.tl.api.MessageReplyHeader;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.MessagesDeleteHistory;
import dev.starling.tl.api.MessagesDeleteMessages;
import dev.starling.tl.api.MessagesEditMessage;
import dev.starling.tl.api.MessagesForwardMessages;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesGetMessages;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.api.UpdateEditMessage;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.UpdatesGetState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replies, forwards, edits and deletions, as both sides see them. */
class ChatEditsTest {
  private final World world = new World();
  private final Device alice = world.device("Alice");
  private final Device bob = world.device("Bob");
  private final AnyInputPeer toBob = alice.peer(bob);
  private final AnyInputPeer toAlice = bob.peer(alice);
  private long randomId = 1;

  private int send(Device from, AnyInputPeer to, String text) {
    return id(from.ok(MessagesSendMessage.of(to, text, randomId++)));
  }

  private static int id(AnyUpdates answer) {
    return ((UpdateMessageID) ((Updates) answer).updates().getFirst()).id();
  }

  private static List<AnyMessage> history(Device device, AnyInputPeer peer) {
    return messages(device.ok(new MessagesGetHistory(peer, 0, 0, 0, 100, 0, 0, 0)));
  }

  private static List<AnyMessage> messages(AnyMessagesMessages answer) {
    return switch (answer) {
      case MessagesMessages whole -> whole.messages();
      case MessagesMessagesSlice slice -> slice.messages();
      default -> throw new AssertionError(answer.getClass());
    };
  }

  private static Message newest(Device device, AnyInputPeer peer) {
    return (Message) history(device, peer).getFirst();
  }

  private <T extends AnyUpdate> T last(Device device, Class<T> type) {
    return ((Updates) world.pushed(device).getLast())
        .updates().stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private static String refusal(Device device, TlMethod<?> method) {
    return assertInstanceOf(Answer.Refusal.class, device.call(method)).message();
  }

  private static int pts(Device device) {
    return device.ok(new UpdatesGetState()).pts();
  }

  private static MessageReplyHeader reply(Message message) {
    return assertInstanceOf(MessageReplyHeader.class, message.replyTo());
  }

  @Test
  void aReplyNamesTheMessageByEachBoxesOwnId() {
    send(bob, new InputPeerSelf(), "so that ids differ");
    int question = send(alice, toBob, "how are you?");
    int heard = newest(bob, toAlice).id();
    InputReplyToMessage to = InputReplyToMessage.of(heard).withQuoteText("are").withQuoteOffset(4);
    bob.ok(MessagesSendMessage.of(toAlice, "fine", randomId++).withReplyTo(to));
    assertEquals(heard, reply(newest(bob, toAlice)).replyToMsgId());
    MessageReplyHeader theirs = reply(newest(alice, toBob));
    assertEquals(question, theirs.replyToMsgId());
    assertTrue(theirs.quote());
    assertEquals("are", theirs.quoteText());
    // and back again: a reply to what was heard, by its own id here
    int answer = newest(alice, toBob).id();
    alice.ok(
        MessagesSendMessage.of(toBob, "good", randomId++)
            .withReplyTo(InputReplyToMessage.of(answer)));
    Message good = newest(bob, toAlice);
    var found = bob.ok(new MessagesGetMessages(List.of(new InputMessageReplyTo(good.id()))));
    assertEquals("fine", ((Message) messages(found).getFirst()).message());
  }

  @Test
  void aQuoteMustBeInTheMessageAndAGoneMessageIsAnsweredPlainly() {
    int id = send(alice, toBob, "text");
    assertEquals(
        "QUOTE_TEXT_INVALID",
        refusal(
            alice,
            MessagesSendMessage.of(toBob, "x", randomId++)
                .withReplyTo(InputReplyToMessage.of(id).withQuoteText("other"))));
    alice.ok(new MessagesDeleteMessages(true, List.of(id)));
    alice.ok(
        MessagesSendMessage.of(toBob, "x", randomId++).withReplyTo(InputReplyToMessage.of(id)));
    assertNull(newest(alice, toBob).replyTo());
    assertEquals("x", newest(bob, toAlice).message());
  }

  @Test
  void anEditIsSeenOnBothSidesWithAPtsOfEach() {
    send(bob, new InputPeerSelf(), "so that ids differ");
    int id = send(alice, toBob, "helo");
    int before = pts(bob);
    Updates answer =
        (Updates) alice.ok(MessagesEditMessage.of(toBob, id).withMessage("hello t.me"));
    UpdateEditMessage mine = (UpdateEditMessage) answer.updates().getFirst();
    assertEquals(pts(alice), mine.pts());
    UpdateEditMessage theirs = last(bob, UpdateEditMessage.class);
    assertEquals(before + 1, theirs.pts());
    Message copy = (Message) theirs.message();
    assertEquals("hello t.me", copy.message());
    assertEquals(List.of(new MessageEntityUrl(6, 4)), copy.entities());
    assertNotNull(copy.editDate());
    assertEquals(copy, newest(bob, toAlice));
  }

  @Test
  void onlyOnesOwnAreEditedAndNotForEver() {
    int id = send(alice, toBob, "text");
    int heard = newest(bob, toAlice).id();
    MessagesEditMessage edit = MessagesEditMessage.of(toBob, id).withMessage("text");
    assertEquals("MESSAGE_NOT_MODIFIED", refusal(alice, edit));
    assertEquals(
        "MESSAGE_AUTHOR_REQUIRED",
        refusal(bob, MessagesEditMessage.of(toAlice, heard).withMessage("x")));
    assertEquals(
        "MESSAGE_ID_INVALID", refusal(alice, MessagesEditMessage.of(toBob, 999).withMessage("x")));
    assertEquals("MESSAGE_EMPTY", refusal(alice, edit.withMessage(" ")));
    int note = send(alice, new InputPeerSelf(), "note");
    world.now += Edits.EDIT_SECONDS + 1;
    assertEquals("MESSAGE_EDIT_TIME_EXPIRED", refusal(alice, edit.withMessage("x")));
    alice.ok(MessagesEditMessage.of(new InputPeerSelf(), note).withMessage("changed"));
    assertEquals("changed", newest(alice, new InputPeerSelf()).message());
  }

  @Test
  void aDeletionCountsWhatItDeletesOnEachSide() {
    send(bob, new InputPeerSelf(), "so that ids differ");
    int one = send(alice, toBob, "one");
    int two = send(alice, toBob, "two");
    int three = send(alice, toBob, "three");
    int before = pts(alice);
    var affected = alice.ok(new MessagesDeleteMessages(false, List.of(one, 999)));
    assertEquals(before + 1, affected.pts());
    assertEquals(1, affected.ptsCount());
    assertEquals(3, history(bob, toAlice).size(), "for oneself only");
    affected = alice.ok(new MessagesDeleteMessages(true, List.of(two, three)));
    assertEquals(2, affected.ptsCount());
    assertEquals(before + 3, affected.pts());
    UpdateDeleteMessages theirs = last(bob, UpdateDeleteMessages.class);
    assertEquals(2, theirs.ptsCount());
    assertEquals(pts(bob), theirs.pts());
    assertEquals(
        List.of("one"), history(bob, toAlice).stream().map(m -> ((Message) m).message()).toList());
    assertEquals(1, bob.ok(new UpdatesGetState()).unreadCount(), "what is gone is not unread");
    assertEquals(0, history(alice, toBob).size());
  }

  @Test
  void theOtherSideMayDeleteForBothToo() {
    send(bob, new InputPeerSelf(), "so that ids differ");
    send(alice, toBob, "said");
    bob.ok(new MessagesDeleteMessages(true, List.of(newest(bob, toAlice).id())));
    assertEquals(0, history(alice, toBob).size());
  }

  @Test
  void aLongHistoryIsDeletedStepByStepAndTheDialogGoes() {
    for (int i = 0; i < MessageDeletions.STEP_MAX + 20; i++) {
      send(alice, toBob, "m" + i);
    }
    int before = pts(alice);
    var first = alice.ok(MessagesDeleteHistory.of(toBob, 0).withRevoke(true));
    assertEquals(MessageDeletions.STEP_MAX, first.ptsCount());
    assertEquals(20, first.offset());
    var second = alice.ok(MessagesDeleteHistory.of(toBob, 0).withRevoke(true));
    assertEquals(0, second.offset());
    assertEquals(before + MessageDeletions.STEP_MAX + 20, second.pts());
    assertEquals(0, history(bob, toAlice).size());
    assertEquals(0, bob.ok(new UpdatesGetState()).unreadCount());
  }

  @Test
  void aClearedHistoryLeavesItsDialog() {
    for (int i = 0; i < 5; i++) {
      send(alice, toBob, "m" + i);
    }
    var affected = alice.ok(MessagesDeleteHistory.of(toBob, 0).withJustClear(true));
    assertEquals(5, affected.ptsCount());
    MessageService left = (MessageService) history(alice, toBob).getFirst();
    assertInstanceOf(MessageActionHistoryClear.class, left.action());
    assertEquals(1, history(alice, toBob).size());
    assertEquals(5, history(bob, toAlice).size());
    assertEquals(
        0, alice.ok(MessagesDeleteHistory.of(toBob, 0).withJustClear(true)).ptsCount(), "once");
  }

  @Test
  void aHistoryIsDeletedBetweenDates() {
    int begin = (int) world.now;
    for (int i = 0; i < 10; i++) {
      send(alice, toBob, "m" + i);
      world.now += 100;
    }
    alice.ok(
        MessagesDeleteHistory.of(toBob, 0)
            .withRevoke(true)
            .withMinDate(begin + 200)
            .withMaxDate(begin + 500));
    for (Device device : List.of(alice, bob)) {
      assertEquals(
          List.of("m9", "m8", "m7", "m6", "m1", "m0"),
          history(device, device == alice ? toBob : toAlice).stream()
              .map(m -> ((Message) m).message())
              .toList());
    }
  }

  @Test
  void forwardsKeepTheirOrderAndSayWhoWroteThem() {
    Device carol = world.device("Carol");
    for (int i = 0; i < 3; i++) {
      send(bob, toAlice, "m" + i);
    }
    List<Integer> here =
        history(alice, toBob).reversed().stream().map(m -> ((Message) m).id()).toList();
    var forward =
        MessagesForwardMessages.of(toBob, here, List.of(71L, 72L, 73L), alice.peer(carol));
    Updates answer = (Updates) alice.ok(forward);
    assertEquals(6, answer.updates().size());
    List<AnyMessage> got = history(carol, carol.peer(alice)).reversed();
    assertEquals(
        List.of("m0", "m1", "m2"), got.stream().map(m -> ((Message) m).message()).toList());
    var header = ((Message) got.getFirst()).fwdFrom();
    assertNotNull(header);
    assertEquals(new PeerUser(bob.account), header.fromId());
    int before = pts(carol);
    assertEquals(id(answer), id(alice.ok(forward)), "the same again is the same messages");
    assertEquals(before, pts(carol));
    alice.ok(
        MessagesForwardMessages.of(toBob, here.subList(0, 1), List.of(74L), alice.peer(carol))
            .withDropAuthor(true));
    assertNull(newest(carol, carol.peer(alice)).fwdFrom());
    assertEquals(
        "MESSAGE_ID_INVALID",
        refusal(
            alice,
            MessagesForwardMessages.of(toBob, List.of(999), List.of(75L), alice.peer(carol))));
    assertEquals(
        "RANDOM_ID_INVALID",
        refusal(alice, MessagesForwardMessages.of(toBob, here, List.of(1L), toBob)));
  }

  @Test
  void aSavedMessageLeadsBackToWhereItWas() {
    send(bob, toAlice, "keep this");
    int id = newest(alice, toBob).id();
    alice.ok(MessagesForwardMessages.of(toBob, List.of(id), List.of(7L), new InputPeerSelf()));
    Message saved = newest(alice, new InputPeerSelf());
    assertEquals(new PeerUser(bob.account), saved.savedPeerId());
    assertNotNull(saved.fwdFrom());
    assertEquals(id, saved.fwdFrom().savedFromMsgId());
    assertEquals(new PeerUser(bob.account), saved.fwdFrom().savedFromPeer());
    assertFalse(saved.out());
  }

  @Test
  void aSecondSessionIsToldOfEverythingThatItsOwnDid() {
    int id = send(alice, toBob, "text");
    alice.ok(MessagesEditMessage.of(toBob, id).withMessage("other"));
    assertEquals(alice.session, world.pushes.getLast().except());
    assertEquals("other", ((Message) last(alice, UpdateEditMessage.class).message()).message());
    assertNotNull(last(bob, UpdateEditMessage.class));
    send(alice, toBob, "more");
    assertNotNull(last(bob, UpdateNewMessage.class));
  }
}

package dev.starling.tl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.starling.tl.api.AnyDialogFilter;
import dev.starling.tl.api.Config;
import dev.starling.tl.api.DialogFilter;
import dev.starling.tl.api.DraftMessage;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.InputReplyToMessage;
import dev.starling.tl.api.InputReplyToStory;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.InputUserSelf;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageEntityBold;
import dev.starling.tl.api.MessageEntityCustomEmoji;
import dev.starling.tl.api.MessageMediaToDo;
import dev.starling.tl.api.MessageMediaUnsupported;
import dev.starling.tl.api.MessagesDialogFilters;
import dev.starling.tl.api.MessagesGetDialogFilters;
import dev.starling.tl.api.MessagesReport;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.PrivacyKeyBirthday;
import dev.starling.tl.api.PrivacyKeyStatusTimestamp;
import dev.starling.tl.api.ReportResultReported;
import dev.starling.tl.api.StoriesCanSendStory;
import dev.starling.tl.api.StoriesCanSendStoryCount;
import dev.starling.tl.api.TextWithEntities;
import dev.starling.tl.api.TodoList;
import dev.starling.tl.api.UpdateConfig;
import dev.starling.tl.api.UpdatePrivacy;
import dev.starling.tl.api.UpdateShort;
import dev.starling.tl.api.UpdateUserName;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.Username;
import dev.starling.tl.api.UsersGetUsers;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client of an old layer says and is told, where the meaning has moved to other fields. */
class OldClientsTest {
  /** {@code messages.sendMessage} of layers 143 to 146. */
  private static final int SEND_MESSAGE_143 = 0x0d9d75a4;

  /** {@code messages.sendMessage} of layers 148 to 158, which knows topics. */
  private static final int SEND_MESSAGE_148 = 0x1cc20387;

  private static final Layer OLD = Layer.of(143);

  @Test
  void aUserMayBeNamedByAPeer() {
    var out = new TlWriter(Layer.NEWEST);
    out.writeInt(UsersGetUsers.ID);
    out.writeInt(TlWriter.VECTOR_ID);
    out.writeInt(3);
    out.writeInt(InputPeerUser.ID);
    out.writeLong(7);
    out.writeLong(-1);
    out.writeInt(InputPeerSelf.ID);
    out.writeInt(InputUserSelf.ID);
    assertEquals(
        new UsersGetUsers(List.of(new InputUser(7, -1), new InputUserSelf(), new InputUserSelf())),
        value(out.toByteArray()));
  }

  @Test
  void aReplyByNumberIsAReply() {
    var out = new TlWriter(Layer.NEWEST);
    out.writeInt(SEND_MESSAGE_143);
    out.writeInt(1);
    out.writeInt(InputPeerSelf.ID);
    out.writeInt(77);
    out.writeString("hello");
    out.writeLong(5);
    var send = (MessagesSendMessage) value(out.toByteArray());
    assertEquals(InputReplyToMessage.of(77), send.replyTo());
    assertEquals("hello", send.message());
  }

  @Test
  void aReplyInATopicKeepsBothNumbers() {
    var out = new TlWriter(Layer.NEWEST);
    out.writeInt(SEND_MESSAGE_148);
    out.writeInt(1 | 1 << 9);
    out.writeInt(InputPeerSelf.ID);
    out.writeInt(77);
    out.writeInt(70);
    out.writeString("hello");
    out.writeLong(5);
    var send = (MessagesSendMessage) value(out.toByteArray());
    assertEquals(InputReplyToMessage.of(77).withTopMsgId(70), send.replyTo());
  }

  @Test
  void aDraftsReplyIsANumber() {
    DraftMessage draft = DraftMessage.of("draft", 3).withReplyTo(InputReplyToMessage.of(9));
    assertEquals(draft, value(Tl.encode(draft, OLD)));
    var story = new InputReplyToStory(new InputPeerSelf(), 1);
    var read = value(Tl.encode(draft.withReplyTo(story), OLD));
    assertEquals(draft.withReplyTo(null), read, "there were no stories");
  }

  @Test
  void aTitleIsPlainText() {
    var title = new TextWithEntities("work", List.of(new MessageEntityBold(0, 4)));
    DialogFilter filter = DialogFilter.of(2, title, List.of(), List.of(), List.of());
    DialogFilter plain = filter.withTitle(new TextWithEntities("work", List.of()));
    assertEquals(plain, value(Tl.encode(filter, OLD)));
  }

  @Test
  void aNameIsTheActiveOne() {
    var names = List.of(new Username(false, false, "sold"), new Username(true, true, "ann"));
    var read = (UpdateUserName) value(Tl.encode(new UpdateUserName(1, "A", "B", names), OLD));
    assertEquals(List.of(new Username(true, true, "ann")), read.usernames());
    var none = (UpdateUserName) value(Tl.encode(new UpdateUserName(1, "A", "", List.of()), OLD));
    assertEquals(List.of(), none.usernames());
  }

  @Test
  void aLimitThatHasMovedIsNotZero() {
    byte[] bytes = Tl.encode(Config.empty(), OLD);
    int limits = 0;
    for (int at = 0; at + 4 <= bytes.length; at += 4) {
      int word = new TlReader(bytes, at, 4).readInt();
      limits += word == 5 || word == 100 || word == 200 ? 1 : 0;
    }
    assertEquals(4, limits);
  }

  @Test
  void anAnswerThatHasGrownIsTheOldOne() {
    var report = new MessagesReport(new InputPeerSelf(), List.of(1), new byte[0], "");
    assertArrayEquals(bool(true), Tl.encodeResult(report, new ReportResultReported(), OLD));
    var story = new StoriesCanSendStory(new InputPeerSelf());
    assertArrayEquals(
        bool(false), Tl.encodeResult(story, new StoriesCanSendStoryCount(0), Layer.of(167)));
    var filters = new MessagesDialogFilters(false, List.of());
    byte[] vector = Tl.encodeResult(new MessagesGetDialogFilters(), filters, OLD);
    var in = new TlReader(vector, 0, vector.length);
    assertEquals(List.of(), in.readVector(AnyDialogFilter::read));
    assertEquals(0, in.remaining());
  }

  @Test
  void whatTheLayerCannotSayIsLeftOutAsAWhole() {
    var known = new UpdatePrivacy(new PrivacyKeyStatusTimestamp(), List.of());
    var unknown = new UpdatePrivacy(new PrivacyKeyBirthday(), List.of());
    var updates = new Updates(List.of(unknown, known), List.of(), List.of(), 1, 0);
    assertEquals(updates.withUpdates(List.of(known)), value(Tl.encode(updates, OLD)));
    assertEquals(updates, value(Tl.encode(updates, Layer.NEWEST)));
    var lone = (UpdateShort) value(Tl.encode(new UpdateShort(unknown, 1), OLD));
    assertInstanceOf(UpdateConfig.class, lone.update(), "changes nothing");
  }

  @Test
  void aMessageKeepsWhatTheLayerKnows() {
    var bold = new MessageEntityBold(0, 2);
    Message message =
        Message.of(1, new PeerUser(2), 3, "hi")
            .withEntities(List.of(new MessageEntityCustomEmoji(0, 2, 9), bold))
            .withMedia(MessageMediaToDo.of(TodoList.empty()));
    Message expected = message.withEntities(List.of(bold)).withMedia(new MessageMediaUnsupported());
    assertEquals(expected, value(Tl.encode(message, OLD)));
  }

  private static byte[] bool(boolean value) {
    var out = new TlWriter(Layer.NEWEST);
    out.writeBool(value);
    return out.toByteArray();
  }

  private static TlObject value(byte[] bytes) {
    return assertInstanceOf(Decoded.Value.class, Tl.decode(bytes)).value();
  }
}

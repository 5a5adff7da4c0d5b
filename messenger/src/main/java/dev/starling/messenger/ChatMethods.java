package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.AnyInputMessage;
import dev.starling.tl.api.AnyInputPeer;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.InputDialogPeer;
import dev.starling.tl.api.InputMessageID;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageEmpty;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesGetMessages;
import dev.starling.tl.api.MessagesGetPeerDialogs;
import dev.starling.tl.api.MessagesGetPinnedDialogs;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.MessagesPeerDialogs;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.DialogRow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** Sending, reading and listing of private chats. */
final class ChatMethods {
  /** Objects asked for by id in one call. */
  private static final int IDS_MAX = 100;

  private static final String PEER_ID_INVALID = "PEER_ID_INVALID";

  private final Chats chats;
  private final Mailboxes mailboxes;
  private final Users users;
  private final Env env;

  ChatMethods(Chats chats, Mailboxes mailboxes, Users users, Env env) {
    this.chats = chats;
    this.mailboxes = mailboxes;
    this.users = users;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(MessagesSendMessage.class, this::send);
    table.on(MessagesReadHistory.class, this::read);
    table.on(MessagesGetHistory.class, (me, _, m) -> history(me, m));
    table.on(MessagesGetMessages.class, (me, _, m) -> byId(me, m.id()));
    table.on(MessagesGetDialogs.class, (me, _, m) -> dialogs(me, m));
    table.on(MessagesGetPeerDialogs.class, (me, _, m) -> peerDialogs(me, m));
    table.on(MessagesGetPinnedDialogs.class, (me, _, _) -> peerDialogs(me, List.of()));
  }

  private Answer<AnyUpdates> send(long me, Caller caller, MessagesSendMessage m) {
    if (m.message().isBlank()) {
      return Answer.refusal(400, "MESSAGE_EMPTY");
    }
    if (m.message().length() > ServiceMethods.MESSAGE_LENGTH_MAX) {
      return Answer.refusal(400, "MESSAGE_TOO_LONG");
    }
    if (m.scheduleDate() != null) {
      return Answer.refusal(501, "METHOD_NOT_SUPPORTED");
    }
    Message template =
        Message.of(0, new PeerUser(me), 0, m.message())
            .withSilent(m.silent())
            .withEntities(Entities.accepted(m.entities(), m.message().length()));
    return toPeer(
        me, m.peer(), to -> chats.send(me, to, m.randomId(), template, caller.sessionId()));
  }

  private Answer<MessagesAffectedMessages> read(long me, Caller caller, MessagesReadHistory m) {
    return toPeer(me, m.peer(), peer -> chats.read(me, peer, m.maxId(), caller.sessionId()));
  }

  private <R> Answer<R> toPeer(long me, AnyInputPeer input, LongFunction<R> step) {
    OptionalLong peer = users.resolve(me, input);
    return peer.isPresent()
        ? Answer.result(step.apply(peer.getAsLong()))
        : Answer.refusal(400, PEER_ID_INVALID);
  }

  private Answer<AnyMessagesMessages> history(long me, MessagesGetHistory m) {
    History page =
        new History(m.offsetId(), m.offsetDate(), m.addOffset(), m.limit(), m.maxId(), m.minId());
    return toPeer(me, m.peer(), peer -> mailboxes.with(me, box -> history(box, peer, page)));
  }

  private AnyMessagesMessages history(Mailbox box, long peer, History history) {
    List<AnyMessage> messages = new ArrayList<>();
    for (MessageEntry entry : history.page(box, peer)) {
      messages.add(Chats.message(entry.row()));
    }
    var people = users.views(box, List.of(box.id, peer));
    int count = box.dialog(peer).messageCount();
    return messages.size() == count
        ? new MessagesMessages(messages, List.of(), List.of(), people)
        : MessagesMessagesSlice.of(count, messages, List.of(), List.of(), people);
  }

  private Answer<AnyMessagesMessages> byId(long me, List<AnyInputMessage> ids) {
    if (ids.size() > IDS_MAX) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    return Answer.result(mailboxes.with(me, box -> byId(box, ids)));
  }

  private AnyMessagesMessages byId(Mailbox box, List<AnyInputMessage> ids) {
    List<AnyMessage> found = new ArrayList<>();
    List<Long> people = new ArrayList<>(List.of(box.id));
    for (AnyInputMessage id : ids) {
      if (id instanceof InputMessageID(int messageId)) {
        Message message = Chats.messageIfPresent(box.message(messageId));
        found.add(message == null ? MessageEmpty.of(messageId) : message);
        if (message != null && message.peerId() instanceof PeerUser(long peer)) {
          people.add(peer);
        }
      }
    }
    return new MessagesMessages(found, List.of(), List.of(), users.views(box, people));
  }

  private Answer<AnyMessagesDialogs> dialogs(long me, MessagesGetDialogs m) {
    return Answer.result(mailboxes.with(me, box -> new DialogList(box, users).page(m)));
  }

  private Answer<MessagesPeerDialogs> peerDialogs(long me, MessagesGetPeerDialogs m) {
    List<Long> peers = new ArrayList<>();
    for (var wanted : m.peers()) {
      OptionalLong peer =
          wanted instanceof InputDialogPeer(AnyInputPeer input)
              ? users.resolve(me, input)
              : OptionalLong.empty();
      if (peer.isEmpty() || peers.size() >= IDS_MAX) {
        return Answer.refusal(400, PEER_ID_INVALID);
      }
      peers.add(peer.getAsLong());
    }
    return peerDialogs(me, peers);
  }

  private Answer<MessagesPeerDialogs> peerDialogs(long me, List<Long> peers) {
    return Answer.result(
        mailboxes.with(
            me,
            box -> {
              List<DialogRow> rows = peers.stream().map(box::dialog).toList();
              return new DialogList(box, users)
                  .peerDialogs(rows, Differences.state(box, env.unixSeconds()));
            }));
  }
}

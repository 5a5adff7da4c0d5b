package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.tl.api.AnyInputMessage;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.InputMessageID;
import dev.starling.tl.api.InputMessagePinned;
import dev.starling.tl.api.InputMessageReplyTo;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageReplyHeader;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.MessagesGetHistory;
import dev.starling.tl.api.MessagesGetMessages;
import java.util.ArrayList;
import java.util.List;

/** Messages, by page and by id. */
final class HistoryMethods {
  /** Messages asked for by id in one call. */
  static final int IDS_MAX = 100;

  private final Delivery delivery;

  HistoryMethods(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(MessagesGetHistory.class, (me, _, m) -> history(me, m));
    table.on(MessagesGetMessages.class, (me, _, m) -> byId(me, m.id()));
  }

  private Answer<AnyMessagesMessages> history(long me, MessagesGetHistory m) {
    History page =
        new History(m.offsetId(), m.offsetDate(), m.addOffset(), m.limit(), m.maxId(), m.minId());
    return delivery.at(
        me,
        m.peer(),
        peer -> Answer.result(delivery.with(me, box -> history(box, peer, page, m.hash()))));
  }

  private AnyMessagesMessages history(Mailbox box, long peer, History history, long hash) {
    List<AnyMessage> messages = new ArrayList<>();
    for (MessageEntry entry : history.page(box, peer)) {
      messages.add(MessageRows.decode(entry.row()));
    }
    return new Pages(box, delivery.users()).of(messages, box.dialog(peer).messageCount(), hash);
  }

  private Answer<AnyMessagesMessages> byId(long me, List<AnyInputMessage> ids) {
    return ids.size() > IDS_MAX
        ? Answer.refusal(400, "LIMIT_INVALID")
        : Answer.result(delivery.with(me, box -> byId(box, ids)));
  }

  private AnyMessagesMessages byId(Mailbox box, List<AnyInputMessage> ids) {
    Pages pages = new Pages(box, delivery.users());
    List<AnyMessage> found = new ArrayList<>();
    for (AnyInputMessage wanted : ids) {
      switch (wanted) {
        case InputMessageID(int id) -> found.add(pages.byId(id));
        case InputMessageReplyTo(int id) -> found.add(pages.byId(repliedTo(pages.byId(id))));
        // Which dialog's is not said here: only a channel has a pinned message by itself.
        case InputMessagePinned _ -> {}
        default -> {}
      }
    }
    return pages.of(found, found.size(), 0);
  }

  private static int repliedTo(AnyMessage message) {
    var reply =
        switch (message) {
          case Message m -> m.replyTo();
          case MessageService m -> m.replyTo();
          default -> null;
        };
    return reply instanceof MessageReplyHeader header && header.replyToMsgId() != null
        ? header.replyToMsgId()
        : 0;
  }
}

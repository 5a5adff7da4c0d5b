package dev.starling.messenger;

import dev.starling.tl.api.AnyDialogPeer;
import dev.starling.tl.api.DialogPeer;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesGetDialogUnreadMarks;
import dev.starling.tl.api.MessagesGetOutboxReadDate;
import dev.starling.tl.api.MessagesMarkDialogUnread;
import dev.starling.tl.api.MessagesReadHistory;
import dev.starling.tl.api.MessagesReadMessageContents;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.DialogRow2;
import java.util.List;

/** What is read and what is not. */
final class ReadMethods {
  private final Reads reads;
  private final Delivery delivery;

  ReadMethods(Reads reads, Delivery delivery) {
    this.reads = reads;
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        MessagesReadHistory.class,
        (me, caller, m) ->
            delivery.at(
                me,
                m.peer(),
                peer -> Answer.result(reads.read(me, peer, m.maxId(), caller.sessionId()))));
    table.on(
        MessagesGetOutboxReadDate.class,
        (me, _, m) -> delivery.at(me, m.peer(), peer -> reads.readDate(me, peer, m.msgId())));
    table.on(
        MessagesMarkDialogUnread.class,
        (me, caller, m) ->
            delivery.at(
                me,
                m.peer(),
                peer -> Answer.result(reads.mark(me, peer, m.unread(), caller.sessionId()))));
    table.on(
        MessagesGetDialogUnreadMarks.class,
        (me, _, _) -> Answer.result(delivery.with(me, ReadMethods::marked)));
    // A text has no contents that are read apart from it, so there is nothing to mark.
    table.on(
        MessagesReadMessageContents.class,
        (me, _, _) ->
            Answer.result(
                delivery.with(me, box -> new MessagesAffectedMessages(box.box().pts(), 0))));
  }

  private static List<AnyDialogPeer> marked(Mailbox box) {
    return box.dialogs().stream()
        .filter(DialogRow2::unreadMark)
        .<AnyDialogPeer>map(dialog -> new DialogPeer(new PeerUser(dialog.peerId())))
        .toList();
  }
}

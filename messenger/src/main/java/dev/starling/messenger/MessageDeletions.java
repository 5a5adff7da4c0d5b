package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.store.Order;
import dev.starling.tl.api.MessageActionHistoryClear;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.MessagesAffectedHistory;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesDeleteHistory;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.api.UpdateEditMessage;
import dev.starling.tl.row.DialogRow2;
import dev.starling.tl.row.EventDeleteMessages;
import dev.starling.tl.row.EventEditMessage;
import dev.starling.tl.row.MessagePeerRow;
import dev.starling.tl.row.MessageRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deleting messages, for oneself or on both sides. */
final class MessageDeletions {
  /** Messages deleted in one step: five rows each on both sides are far within a batch. */
  static final int STEP_MAX = 500;

  private final Delivery delivery;

  MessageDeletions(Delivery delivery) {
    this.delivery = delivery;
  }

  /** Deletes messages by their ids; such as are gone already count for nothing. */
  MessagesAffectedMessages delete(long me, List<Integer> ids, boolean revoke, long session) {
    Map<Long, Set<Integer>> dialogs = delivery.with(me, box -> dialogs(box, ids));
    int count = 0;
    for (Map.Entry<Long, Set<Integer>> dialog : dialogs.entrySet()) {
      long peer = dialog.getKey();
      count +=
          delivery.with(
              me,
              peer,
              (box, other) -> {
                List<MessageEntry> entries = entries(box, peer, dialog.getValue());
                return delete(box, revoke ? other : null, peer, entries, session);
              });
    }
    int deleted = count;
    return delivery.with(me, box -> new MessagesAffectedMessages(box.box().pts(), deleted));
  }

  private static Map<Long, Set<Integer>> dialogs(Mailbox box, List<Integer> ids) {
    Map<Long, Set<Integer>> dialogs = new LinkedHashMap<>();
    for (int id : ids) {
      Long peer = box.peerOf(id);
      if (peer != null) {
        dialogs.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(id);
      }
    }
    return dialogs;
  }

  private static List<MessageEntry> entries(Mailbox box, long peer, Set<Integer> ids) {
    List<MessageEntry> entries = new ArrayList<>();
    for (int id : ids) {
      MessageRow row = box.message(peer, id);
      if (row != null) {
        entries.add(new MessageEntry(id, row));
      }
    }
    return entries;
  }

  private int delete(
      Mailbox box, @Nullable Mailbox other, long peer, List<MessageEntry> entries, long session) {
    if (entries.isEmpty()) {
      return 0;
    }
    Draft mine = delivery.draft(box);
    remove(mine, peer, entries);
    Draft theirs = null;
    if (other != null) {
      theirs = delivery.draft(other);
      remove(theirs, box.id, copies(box, other, entries));
    }
    delivery.commit(mine, theirs, session);
    return entries.size();
  }

  private static List<MessageEntry> copies(Mailbox box, Mailbox other, List<MessageEntry> entries) {
    Set<Integer> ids = new LinkedHashSet<>();
    entries.forEach(entry -> ids.add(MessageRows.idIn(other, box, entry.id(), entry.row())));
    return entries(other, box.id, ids);
  }

  /** Removes messages of a dialog, corrects what the dialog shows of them and tells the box. */
  private static void remove(Draft draft, long peer, List<MessageEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    Set<Integer> gone = new HashSet<>();
    DialogRow2 dialog = draft.dialog(peer);
    int unread = dialog.unreadCount();
    for (MessageEntry entry : entries) {
      gone.add(entry.id());
      MessageRows.remove(draft, peer, entry.id(), entry.row());
      if (entry.row().originId() != 0 && entry.id() > dialog.readInboxMaxId()) {
        unread--;
      }
    }
    dialog =
        dialog
            .withMessageCount(Math.max(0, dialog.messageCount() - gone.size()))
            .withUnreadCount(Math.max(0, unread));
    draft.dialog(gone.contains(dialog.topMessage()) ? newTop(draft, dialog, gone) : dialog);
    List<Integer> ids = gone.stream().sorted().toList();
    int pts = draft.append(new EventDeleteMessages(draft.date(), peer, ids), ids.size());
    draft.tell(new UpdateDeleteMessages(ids, pts, ids.size()), peer);
  }

  /** A dialog without messages is in no list any more, and holds no pin there. */
  private static DialogRow2 newTop(Draft draft, DialogRow2 dialog, Set<Integer> gone) {
    Mailbox box = draft.mailbox();
    for (int before = dialog.topMessage(); ; ) {
      List<MessageEntry> page =
          box.messages(dialog.peerId(), 0, before, Order.DESCENDING, gone.size() + 1);
      for (MessageEntry entry : page) {
        if (!gone.contains(entry.id())) {
          int date = MessageRows.date(MessageRows.decode(entry.row()));
          return dialog.withTopMessage(entry.id()).withTopDate(date);
        }
      }
      if (page.isEmpty()) {
        return dialog.withTopMessage(0).withTopDate(0).withPin(null).withUnreadMark(false);
      }
      before = page.getLast().id();
    }
  }

  /**
   * Deletes a history, a step a call: "if offset is greater than 0, the call is to be repeated".
   */
  MessagesAffectedHistory deleteHistory(long me, long peer, MessagesDeleteHistory m, long session) {
    return delivery.with(
        me,
        peer,
        (box, other) -> {
          Draft mine = delivery.draft(box);
          Draft theirs = other == null || !m.revoke() ? null : delivery.draft(other);
          int before = mine.pts();
          boolean more = deleteHistory(mine, theirs, peer, m);
          if (!mine.isEmpty() || (theirs != null && !theirs.isEmpty())) {
            delivery.commit(mine, theirs, session);
          }
          int left = more ? Math.max(1, mine.dialog(peer).messageCount()) : 0;
          return new MessagesAffectedHistory(mine.pts(), mine.pts() - before, left);
        });
  }

  /** Answers whether there is more to delete. */
  private static boolean deleteHistory(
      Draft mine, @Nullable Draft theirs, long peer, MessagesDeleteHistory m) {
    Mailbox box = mine.mailbox();
    int top = box.dialog(peer).topMessage();
    int minDate = m.minDate() == null ? 0 : m.minDate();
    int maxDate = m.maxDate() == null ? 0 : m.maxDate();
    boolean whole = minDate <= 0 && maxDate <= 0 && (m.maxId() <= 0 || m.maxId() >= top);
    int from = minDate <= 0 ? 0 : History.firstSince(box, peer, minDate);
    int to = maxDate <= 0 ? top + 1 : History.firstSince(box, peer, maxDate + 1);
    to = m.maxId() <= 0 ? to : (int) Math.min(to, m.maxId() + 1L);
    boolean clears = whole && m.justClear() && top > 0;
    List<MessageEntry> entries =
        box.messages(peer, from, clears ? top : to, Order.DESCENDING, STEP_MAX);
    remove(mine, peer, entries);
    boolean more = entries.size() == STEP_MAX;
    if (theirs != null) {
      Mailbox other = theirs.mailbox();
      List<MessageEntry> copies =
          whole
              ? other.messages(box.id, 0, Integer.MAX_VALUE, Order.DESCENDING, STEP_MAX)
              : copies(box, other, entries);
      remove(theirs, box.id, copies);
      more |= whole && copies.size() == STEP_MAX;
    }
    if (!more && clears) {
      cleared(mine, peer, top);
    } else if (!more && whole) {
      Drafts.clear(mine, peer);
    }
    return more;
  }

  /**
   * The dialog stays in the list: its last message gives its place to one that says that the
   * history was cleared.
   */
  private static void cleared(Draft draft, long peer, int top) {
    MessageRow row = draft.mailbox().message(peer, top);
    if (row == null
        || (MessageRows.decode(row) instanceof MessageService m
            && m.action() instanceof MessageActionHistoryClear)) {
      return;
    }
    PeerUser with = new PeerUser(peer);
    int date = MessageRows.date(MessageRows.decode(row));
    MessageService message =
        MessageService.of(top, with, date, new MessageActionHistoryClear())
            .withOut(peer != draft.mailbox().id)
            .withFromId(new PeerUser(draft.mailbox().id));
    MessageRows.remove(draft, peer, top, row);
    MessageRows.put(draft, peer, message, 0);
    draft.put(Rows.key(Rows.MESSAGE_PEER, top), new MessagePeerRow(peer));
    draft.dialog(draft.dialog(peer).withUnreadCount(0).withReadInboxMaxId(top));
    int pts = draft.append(new EventEditMessage(draft.date(), peer, top));
    draft.tell(new UpdateEditMessage(message, pts, 1), peer);
  }
}

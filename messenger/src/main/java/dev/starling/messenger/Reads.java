package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.store.Order;
import dev.starling.store.Row;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.DialogPeer;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.OutboxReadDate;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDialogUnreadMark;
import dev.starling.tl.api.UpdateReadHistoryInbox;
import dev.starling.tl.api.UpdateReadHistoryOutbox;
import dev.starling.tl.row.DialogRow2;
import dev.starling.tl.row.EventReadInbox;
import dev.starling.tl.row.EventReadOutbox;
import dev.starling.tl.row.MessageRow;
import dev.starling.tl.row.ReadDateRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has read what, on both sides of a dialog. */
final class Reads {
  /** Rows looked at in one scan while read marks are computed. */
  private static final int SCAN_ROWS = 200;

  /** "pm_read_date_expire_period": how long the time of reading is told, as clients take it. */
  static final int READ_DATE_SECONDS = 7 * 24 * 3600;

  /** Old times swept away by each new one: more than one, so that they never grow. */
  private static final int SWEPT_READ_DATES = 2;

  private final Delivery delivery;
  private final Privacy privacy;

  Reads(Delivery delivery, Privacy privacy) {
    this.delivery = delivery;
    this.privacy = privacy;
  }

  /**
   * Marks what {@code from} said to {@code reader} as read up to {@code maxId} (an id of the
   * reader's box; 0 for all). Saved Messages are read by being written.
   */
  MessagesAffectedMessages read(long reader, long from, int maxId, long session) {
    return delivery.with(reader, from, (box, author) -> read(box, author, from, maxId, session));
  }

  private MessagesAffectedMessages read(
      Mailbox reader, @Nullable Mailbox author, long peer, int maxId, long session) {
    Draft inbox = delivery.draft(reader);
    int before = inbox.pts();
    unmark(inbox, peer);
    DialogRow2 dialog = inbox.dialog(peer);
    int upTo = maxId <= 0 ? dialog.topMessage() : Math.min(maxId, dialog.topMessage());
    Draft outbox = null;
    if (upTo > dialog.readInboxMaxId() && author != null) {
      int unread = upTo == dialog.topMessage() ? 0 : incomingAfter(reader, peer, upTo);
      inbox.supersede(dialog.readInboxPts());
      int pts = inbox.append(new EventReadInbox(inbox.date(), peer, upTo, unread));
      inbox.dialog(dialog.withReadInboxMaxId(upTo).withUnreadCount(unread).withReadInboxPts(pts));
      inbox.tell(inboxUpdate(peer, upTo, unread, pts), peer);
      // Whom one has blocked learns nothing of one's reading.
      int origin =
          reader.blocked(peer) != null
              ? 0
              : lastOrigin(reader, peer, dialog.readInboxMaxId() + 1, upTo);
      outbox = seen(author, reader.id, origin);
    }
    if (!inbox.isEmpty()) {
      delivery.commit(inbox, outbox, session);
    }
    return new MessagesAffectedMessages(inbox.pts(), inbox.pts() - before);
  }

  private Draft seen(Mailbox author, long reader, int maxId) {
    Draft outbox = delivery.draft(author);
    DialogRow2 dialog = author.dialog(reader);
    if (maxId > dialog.readOutboxMaxId()) {
      outbox.supersede(dialog.readOutboxPts());
      int pts = outbox.append(new EventReadOutbox(outbox.date(), reader, maxId));
      outbox.dialog(dialog.withReadOutboxMaxId(maxId).withReadOutboxPts(pts));
      byte[] first = Rows.key(Rows.READ_DATE, reader, 0);
      byte[] key = Rows.key(Rows.READ_DATE, reader, maxId);
      for (Row old : author.rows(first, key, Order.ASCENDING, SWEPT_READ_DATES)) {
        int date = Rows.decode(ReadDateRow.class, old.value()).date();
        if (date < outbox.date() - READ_DATE_SECONDS) {
          outbox.delete(old.key());
        }
      }
      outbox.put(key, new ReadDateRow(outbox.date()));
      outbox.tell(outboxUpdate(reader, maxId, pts), reader);
    }
    return outbox;
  }

  /** When {@code peer} read a message of {@code me}. */
  Answer<OutboxReadDate> readDate(long me, long peer, int id) {
    return delivery.with(
        me,
        box -> {
          MessageRow row = box.message(peer, id);
          if (row == null || row.originId() != 0 || me == peer) {
            return Answer.refusal(400, "MESSAGE_ID_INVALID");
          }
          // "You have disallowed other users to do so for your messages": who hides it sees none.
          if (privacy.hidesReadDates(me, peer)) {
            return Answer.refusal(403, "YOUR_PRIVACY_RESTRICTED");
          }
          if (privacy.hidesReadDates(peer, me)) {
            return Answer.refusal(403, "USER_PRIVACY_RESTRICTED");
          }
          if (id > box.dialog(peer).readOutboxMaxId()) {
            return Answer.refusal(400, "MESSAGE_NOT_READ_YET");
          }
          byte[] from = Rows.key(Rows.READ_DATE, peer, id);
          byte[] to = Rows.key(Rows.READ_DATE, peer, Integer.MAX_VALUE);
          List<Row> found = box.rows(from, to, Order.ASCENDING, 1);
          int sent = MessageRows.date(MessageRows.decode(row));
          if (found.isEmpty() || sent < delivery.now() - READ_DATE_SECONDS) {
            return Answer.refusal(400, "MESSAGE_TOO_OLD");
          }
          ReadDateRow read = Rows.decode(ReadDateRow.class, found.getFirst().value());
          return Answer.result(new OutboxReadDate(read.date()));
        });
  }

  /** Marks a whole dialog as unread, or takes the mark away. */
  boolean mark(long me, long peer, boolean unread, long session) {
    return delivery.with(
        me,
        box -> {
          Draft draft = delivery.draft(box);
          if (unread && !draft.dialog(peer).unreadMark()) {
            draft.dialog(draft.dialog(peer).withUnreadMark(true));
            draft.aside(markUpdate(peer, true), peer);
          } else if (!unread) {
            unmark(draft, peer);
          }
          if (!draft.isEmpty()) {
            delivery.commitAside(draft, session);
          }
          return true;
        });
  }

  private static void unmark(Draft draft, long peer) {
    if (draft.dialog(peer).unreadMark()) {
      draft.dialog(draft.dialog(peer).withUnreadMark(false));
      draft.aside(markUpdate(peer, false), peer);
    }
  }

  private static AnyUpdate markUpdate(long peer, boolean unread) {
    return UpdateDialogUnreadMark.of(new DialogPeer(new PeerUser(peer))).withUnread(unread);
  }

  static AnyUpdate inboxUpdate(long peer, int maxId, int stillUnread, int pts) {
    return UpdateReadHistoryInbox.of(new PeerUser(peer), maxId, stillUnread, pts, 1);
  }

  static AnyUpdate outboxUpdate(long peer, int maxId, int pts) {
    return new UpdateReadHistoryOutbox(new PeerUser(peer), maxId, pts, 1);
  }

  static int incomingAfter(Mailbox box, long peer, int id) {
    int count = 0;
    for (int from = id + 1; ; ) {
      List<MessageEntry> page =
          box.messages(peer, from, Integer.MAX_VALUE, Order.ASCENDING, SCAN_ROWS);
      count += (int) page.stream().filter(entry -> entry.row().originId() != 0).count();
      if (page.size() < SCAN_ROWS) {
        return count;
      }
      from = page.getLast().id() + 1;
    }
  }

  /**
   * The author's id of the newest incoming message within {@code [from, to]}; 0 when there is none.
   */
  private static int lastOrigin(Mailbox box, long peer, int from, int to) {
    for (int end = to + 1; ; ) {
      List<MessageEntry> page = box.messages(peer, from, end, Order.DESCENDING, SCAN_ROWS);
      for (MessageEntry entry : page) {
        if (entry.row().originId() != 0) {
          return entry.row().originId();
        }
      }
      if (page.size() < SCAN_ROWS) {
        return 0;
      }
      end = page.getLast().id();
    }
  }
}

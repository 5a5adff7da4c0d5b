package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.UpdateDeleteMessages;
import dev.starling.tl.row.AnyEventRow;
import dev.starling.tl.row.BlockedRow;
import dev.starling.tl.row.BoxRow;
import dev.starling.tl.row.ContactRow;
import dev.starling.tl.row.DialogRow2;
import dev.starling.tl.row.EventAside;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one step does to one mailbox, and what the box's sessions are told of it; nothing of it is
 * seen by anyone before the store has synced it.
 */
final class Draft {
  private final Mailbox mailbox;
  private final int date;
  private final Map<Long, DialogRow2> dialogs = new HashMap<>();
  private final Map<Long, ContactRow> contacts = new HashMap<>();
  private final Set<Long> removedContacts = new HashSet<>();
  private final Map<Long, @Nullable BlockedRow> blocked = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<AnyUpdate> news = new ArrayList<>();
  private final List<AnyUpdate> carriers = new ArrayList<>();
  private final Set<Long> people = new LinkedHashSet<>();
  private int pts;

  /** Events of new messages, which need no rows of box and dialogs. */
  private int grown;

  private boolean onlyGrown = true;

  /** A row set, or with null removed. */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record Change(byte[] key, @Nullable TlObject row) {}

  /**
   * A step at {@code now} (Unix seconds); the box's date never goes back, whatever the clock does.
   */
  Draft(Mailbox mailbox, int now) {
    this.mailbox = mailbox;
    this.date = Math.max(now, mailbox.box().date());
    this.pts = mailbox.box().pts();
    people.add(mailbox.id);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  int date() {
    return date;
  }

  /** The pts that the box has once this step is done. */
  int pts() {
    return pts;
  }

  /** The id of the message that the next event brings: its pts, so that the log finds it. */
  int nextMessageId() {
    return pts + 1;
  }

  DialogRow2 dialog(long peer) {
    DialogRow2 changed = dialogs.get(peer);
    return changed != null ? changed : mailbox.dialog(peer);
  }

  void dialog(DialogRow2 changed) {
    dialogs.put(changed.peerId(), changed);
    onlyGrown = false;
  }

  void contact(ContactRow changed) {
    contacts.put(changed.userId(), changed);
  }

  void removeContact(long userId) {
    removedContacts.add(userId);
  }

  /** Blocks {@code userId} or, with null, unblocks it. */
  void blocked(long userId, @Nullable BlockedRow row) {
    blocked.put(userId, row);
    changes.add(new Change(Rows.key(Rows.BLOCKED, userId), row));
  }

  void put(byte[] key, TlObject row) {
    changes.add(new Change(key, row));
  }

  void delete(byte[] key) {
    changes.add(new Change(key, null));
  }

  /** Adds an event to the box's log; answers its pts. */
  int append(AnyEventRow event) {
    return append(event, 1);
  }

  /**
   * Adds the event of a message that the owner sent, or that came; the dialog is one longer.
   *
   * @return its pts
   */
  int grow(AnyEventRow event, long peer, int id, boolean unread) {
    dialogs.put(peer, Mailbox.grown(dialog(peer), id, date, unread));
    grown++;
    return append(event, 1);
  }

  /** Adds an event that stands for {@code count} steps of pts; answers the last of them. */
  int append(AnyEventRow event, int count) {
    pts += count;
    put(Rows.key(Rows.EVENT, pts), (TlObject) event);
    return pts;
  }

  /** Removes the event at {@code replaced}, which a newer one makes superfluous. */
  void supersede(@Nullable Integer replaced) {
    if (replaced != null) {
      delete(Rows.key(Rows.EVENT, replaced));
    }
  }

  /** Tells the box's sessions an update about {@code peer}, whose pts is in the update itself. */
  void tell(AnyUpdate update, long peer) {
    news.add(update);
    people.add(peer);
  }

  /** Says that an update names these users, so that it is sent with them. */
  void names(Set<Long> users) {
    people.addAll(users);
  }

  /**
   * Logs and tells an update that has no pts of its own, so that a client that is away learns it by
   * the difference. "An empty updateDeleteMessages" carries the pts that it takes.
   *
   * @return its pts
   */
  int aside(AnyUpdate update, long peer) {
    byte[] body = Tl.encode((TlObject) update, Layer.NEWEST);
    int at = append(new EventAside(date, peer, Layer.NEWEST.number(), body));
    AnyUpdate carrier = new UpdateDeleteMessages(List.of(), at, 1);
    tell(update, peer);
    news.add(carrier);
    carriers.add(carrier);
    return at;
  }

  List<AnyUpdate> news() {
    return news;
  }

  /** What of the news a session must hear even of its own doing: where pts went. */
  List<AnyUpdate> carriers() {
    return carriers;
  }

  Set<Long> people() {
    return people;
  }

  boolean isEmpty() {
    return changes.isEmpty()
        && dialogs.isEmpty()
        && contacts.isEmpty()
        && removedContacts.isEmpty()
        && pts == mailbox.box().pts();
  }

  void writeTo(Batch batch) {
    for (Change change : changes) {
      if (change.row == null) {
        batch.delete(mailbox.lease, change.key);
      } else {
        batch.put(mailbox.lease, change.key, Rows.encode(change.row));
      }
    }
    for (ContactRow contact : contacts.values()) {
      batch.put(mailbox.lease, Rows.key(Rows.CONTACT, contact.userId()), Rows.encode(contact));
    }
    for (long userId : removedContacts) {
      batch.delete(mailbox.lease, Rows.key(Rows.CONTACT, userId));
    }
    if (savesBox()) {
      Set<Long> peers = new HashSet<>(mailbox.unsaved());
      peers.addAll(dialogs.keySet());
      for (long peer : peers) {
        batch.put(mailbox.lease, Rows.key(Rows.DIALOG, peer), Rows.encode(dialog(peer)));
      }
      batch.put(mailbox.lease, Rows.key(Rows.BOX), Rows.encode(box()));
    }
  }

  /** Whether rows of box and dialogs are written; what new messages change the log tells too. */
  private boolean savesBox() {
    int grew = pts - mailbox.box().pts();
    return !onlyGrown
        || grown == 0
        || grown != grew
        || pts - mailbox.savedPts() >= Mailbox.UNSAVED_MAX;
  }

  void adopt() {
    mailbox.adopt(box(), savesBox(), dialogs, contacts, removedContacts);
    blocked.forEach(mailbox::adoptBlocked);
  }

  private BoxRow box() {
    return new BoxRow(pts, pts, date); // no message's id is above pts
  }
}

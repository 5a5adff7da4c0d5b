package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.tl.TlObject;
import dev.starling.tl.row.AnyEventRow;
import dev.starling.tl.row.BoxRow;
import dev.starling.tl.row.ContactRow;
import dev.starling.tl.row.DialogRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one step does to one mailbox; nothing of it is seen by anyone before the store has synced
 * it.
 */
final class Draft {
  private final Mailbox mailbox;
  private final int date;
  private final Map<Long, DialogRow> dialogs = new HashMap<>();
  private final Map<Long, ContactRow> contacts = new HashMap<>();
  private final Set<Long> removedContacts = new HashSet<>();
  private final List<Put> puts = new ArrayList<>();
  private int pts;
  private int lastMessageId;

  @SuppressWarnings("ArrayRecordComponent") // a carrier
  private record Put(byte[] key, TlObject row) {}

  /**
   * A step at {@code now} (Unix seconds); the box's date never goes back, whatever the clock does.
   */
  Draft(Mailbox mailbox, int now) {
    this.mailbox = mailbox;
    this.date = Math.max(now, mailbox.box().date());
    this.pts = mailbox.box().pts();
    this.lastMessageId = mailbox.box().lastMessageId();
  }

  Mailbox mailbox() {
    return mailbox;
  }

  int date() {
    return date;
  }

  int nextMessageId() {
    return ++lastMessageId;
  }

  DialogRow dialog(long peer) {
    DialogRow changed = dialogs.get(peer);
    return changed != null ? changed : mailbox.dialog(peer);
  }

  void dialog(DialogRow changed) {
    dialogs.put(changed.peerId(), changed);
  }

  void contact(ContactRow changed) {
    contacts.put(changed.userId(), changed);
  }

  void removeContact(long userId) {
    removedContacts.add(userId);
  }

  void put(byte[] key, TlObject row) {
    puts.add(new Put(key, row));
  }

  /** Adds an event to the box's log; answers its pts. */
  int append(AnyEventRow event) {
    put(Rows.key(Rows.EVENT, ++pts), (TlObject) event);
    return pts;
  }

  void writeTo(Batch batch) {
    for (Put put : puts) {
      batch.put(mailbox.lease, put.key, Rows.encode(put.row));
    }
    for (DialogRow dialog : dialogs.values()) {
      batch.put(mailbox.lease, Rows.key(Rows.DIALOG, dialog.peerId()), Rows.encode(dialog));
    }
    for (ContactRow contact : contacts.values()) {
      batch.put(mailbox.lease, Rows.key(Rows.CONTACT, contact.userId()), Rows.encode(contact));
    }
    for (long userId : removedContacts) {
      batch.delete(mailbox.lease, Rows.key(Rows.CONTACT, userId));
    }
    batch.put(mailbox.lease, Rows.key(Rows.BOX), Rows.encode(box()));
  }

  void adopt() {
    mailbox.adopt(box(), dialogs, contacts, removedContacts);
  }

  private BoxRow box() {
    return new BoxRow(pts, lastMessageId, date);
  }
}

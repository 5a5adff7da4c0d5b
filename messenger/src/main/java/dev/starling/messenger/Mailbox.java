package dev.starling.messenger;

import dev.starling.store.Lease;
import dev.starling.store.Order;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.TlObject;
import dev.starling.tl.row.AnyDialogRow;
import dev.starling.tl.row.AnyEventRow;
import dev.starling.tl.row.BlockedRow;
import dev.starling.tl.row.BoxRow;
import dev.starling.tl.row.ContactRow;
import dev.starling.tl.row.DialogRow;
import dev.starling.tl.row.DialogRow2;
import dev.starling.tl.row.DraftRow;
import dev.starling.tl.row.EventNewMessage;
import dev.starling.tl.row.EventSentMessage;
import dev.starling.tl.row.MessagePeerRow;
import dev.starling.tl.row.MessageRow;
import dev.starling.tl.row.SentRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One account's box on the node that owns it: pts, dialogs, messages, the log of events. All of it
 * is read and changed under {@link #lock}; changes go through a {@link Draft}, which is adopted
 * only once the store has synced it.
 */
final class Mailbox {
  /** Dialogs of one account that are kept; as many chats as a person can have with some room. */
  static final int DIALOGS_MAX = 100_000;

  /** Contacts of one account that are kept. */
  static final int CONTACTS_MAX = 10_000;

  /** People one account may block; more is a list that nobody keeps by hand. */
  static final int BLOCKED_MAX = 10_000;

  /** Typing that is passed on in a second; clients tell of it every five. */
  private static final int TYPING_MAX = 10;

  private static final int PAGE_ROWS = 1_000;

  /**
   * Events that the log may be ahead of the box's row and its dialogs' rows: new messages, which
   * say all that they change. Opening adds them again; two rows less are written for most messages.
   */
  static final int UNSAVED_MAX = 64;

  static final BoxRow EMPTY = new BoxRow(1, 0, 0);

  final long id;
  final Lease lease;
  final ReentrantLock lock = new ReentrantLock();
  private final Store store;
  private final Map<Long, DialogRow2> dialogs = new HashMap<>();

  // Others look into these two without the lock: what they may see depends on whom the owner knows.
  private final Map<Long, ContactRow> contacts = new ConcurrentHashMap<>();
  private final Map<Long, BlockedRow> blocked = new ConcurrentHashMap<>();

  private BoxRow box;

  /** The pts that the stored row has, and the dialogs whose rows are older than memory. */
  private int savedPts;

  private final Set<Long> unsaved = new HashSet<>();
  private int typingSecond;
  private int typing;
  private int sends;
  private int sweepTime;

  /**
   * Whether no account owns the box: the service's own, or one whose account was deleted. Nothing
   * is ever written to it again, whatever a step on two boxes would do.
   */
  boolean ownerless;

  /** Set under the lock when the box left memory: who waited for the lock opens it anew. */
  boolean closed;

  private Mailbox(long id, Store store, Lease lease, BoxRow box) {
    this.id = id;
    this.store = store;
    this.lease = lease;
    this.box = box;
    this.savedPts = box.pts();
  }

  /** Takes the account's partition and reads what is kept in memory. */
  static Mailbox open(long id, Store store) {
    return read(id, store, store.acquire(Rows.account(id)));
  }

  /**
   * What the store has of a box while it takes no writes, the partition's among them. Whoever tries
   * to change it is fenced: no epoch is that low.
   */
  static Mailbox openToRead(long id, Store store) {
    return read(id, store, new Lease(Rows.account(id), -1));
  }

  private static Mailbox read(long id, Store store, Lease lease) {
    BoxRow box =
        Rows.decodeIfPresent(BoxRow.class, store.get(lease.partition(), Rows.key(Rows.BOX)));
    Mailbox mailbox = new Mailbox(id, store, lease, box == null ? EMPTY : box);
    mailbox.ownerless = store.get(lease.partition(), Rows.key(Rows.ACCOUNT)) == null;
    mailbox
        .all(Rows.DIALOG, DIALOGS_MAX, AnyDialogRow.class)
        .forEach(row -> mailbox.adopt(newest(row)));
    mailbox.replay();
    mailbox.ids(Rows.BLOCKED).forEach(mailbox.blocked::put);
    mailbox
        .all(Rows.CONTACT, CONTACTS_MAX, ContactRow.class)
        .forEach(c -> mailbox.contacts.put(c.userId(), c));
    return mailbox;
  }

  private static DialogRow2 newest(AnyDialogRow row) {
    return switch (row) {
      case DialogRow2 dialog -> dialog;
      case DialogRow(
              long peer,
              int top,
              int topDate,
              int count,
              int readInbox,
              int readOutbox,
              int unread) ->
          DialogRow2.of(peer, top, topDate, count, readInbox, readOutbox, unread);
    };
  }

  private void adopt(DialogRow2 dialog) {
    dialogs.put(dialog.peerId(), dialog);
  }

  /** Adds what the log has behind the box's row. */
  private void replay() {
    List<EventEntry> page;
    do {
      page = eventsAfter(box.pts(), PAGE_ROWS);
      for (EventEntry entry : page) {
        DialogRow2 grown =
            switch (entry.event()) {
              case EventNewMessage(int date, long peer, int id) ->
                  grown(dialog(peer), id, date, true);
              case EventSentMessage(int date, long peer, int id, _) ->
                  grown(dialog(peer), id, date, false);
              default ->
                  throw new IllegalStateException(
                      "a box lacks the rows that are written with its event " + entry.pts());
            };
        adopt(grown);
        unsaved.add(grown.peerId());
        box = new BoxRow(entry.pts(), grown.topMessage(), Math.max(box.date(), grown.topDate()));
      }
    } while (page.size() == PAGE_ROWS);
  }

  /** A dialog with one more message. */
  static DialogRow2 grown(DialogRow2 dialog, int id, int date, boolean unread) {
    return dialog
        .withTopMessage(id)
        .withTopDate(date)
        .withMessageCount(dialog.messageCount() + 1)
        .withUnreadCount(dialog.unreadCount() + (unread ? 1 : 0));
  }

  /** The pts up to which the stored rows tell all; the log alone has what came since. */
  int savedPts() {
    return savedPts;
  }

  /** Dialogs whose rows are older than memory. */
  Set<Long> unsaved() {
    return unsaved;
  }

  private Map<Long, BlockedRow> ids(byte kind) {
    Map<Long, BlockedRow> rows = new HashMap<>();
    byte[] end = Rows.after(Rows.key(kind));
    for (Row row :
        store.scan(lease.partition(), Rows.key(kind), end, Order.ASCENDING, BLOCKED_MAX)) {
      rows.put(ByteBuffer.wrap(row.key()).getLong(1), Rows.decode(BlockedRow.class, row.value()));
    }
    return rows;
  }

  /** All rows of a kind, read in pages. */
  private <T> List<T> all(byte kind, int limit, Class<T> type) {
    List<T> rows = new ArrayList<>();
    byte[] end = Rows.after(Rows.key(kind));
    for (byte[] from = Rows.key(kind); rows.size() < limit; ) {
      List<Row> page = store.scan(lease.partition(), from, end, Order.ASCENDING, PAGE_ROWS);
      page.forEach(row -> rows.add(Rows.decode(type, row.value())));
      if (page.size() < PAGE_ROWS) {
        break;
      }
      from = Rows.behind(page.getLast().key());
    }
    return rows;
  }

  BoxRow box() {
    return box;
  }

  /** The dialog with {@code peer}, empty when nothing was ever said. */
  DialogRow2 dialog(long peer) {
    DialogRow2 known = dialogs.get(peer);
    return known != null ? known : DialogRow2.of(peer, 0, 0, 0, 0, 0, 0);
  }

  Collection<DialogRow2> dialogs() {
    return dialogs.values();
  }

  @Nullable ContactRow contact(long userId) {
    return contacts.get(userId);
  }

  Collection<ContactRow> contacts() {
    return contacts.values();
  }

  /** Since when {@code userId} may not write here; null when it may. */
  @Nullable BlockedRow blocked(long userId) {
    return blocked.get(userId);
  }

  /** Whom the owner has blocked, and since when. */
  Map<Long, BlockedRow> blocked() {
    return blocked;
  }

  /** Whether one more sign of typing may be passed on. */
  boolean mayType(int now) {
    typing = typingSecond == now ? typing + 1 : 1;
    typingSecond = now;
    return typing <= TYPING_MAX;
  }

  /** Counts a send; whether it is one that sweeps. */
  boolean sweepIsDue(int now) {
    return ++sends % Sweep.EVERY == 0 && now >= sweepTime;
  }

  /** There is nothing to sweep before {@code time}. */
  void sweepAfter(int time) {
    sweepTime = time;
  }

  int unread() {
    return dialogs.values().stream().mapToInt(DialogRow2::unreadCount).sum();
  }

  /** What is written to {@code peer} and not yet sent; null when nothing is. */
  @Nullable DraftRow draft(long peer) {
    return dialog(peer).hasDraft() ? row(DraftRow.class, Rows.key(Rows.DRAFT, peer)) : null;
  }

  /** What the first send with this random_id answered; null when there was none. */
  @Nullable SentRow sent(long randomId) {
    return row(SentRow.class, Rows.key(Rows.SENT, randomId));
  }

  @Nullable MessageRow message(long peer, int messageId) {
    return row(MessageRow.class, Rows.key(Rows.MESSAGE, peer, messageId));
  }

  /** A message by its id alone, whatever dialog it lies in. */
  @Nullable MessageRow message(int messageId) {
    Long peer = peerOf(messageId);
    return peer == null ? null : message(peer, messageId);
  }

  /** The dialog that a message lies or lay in: the event that brought it has its id as pts. */
  @Nullable Long peerOf(int messageId) {
    return switch (row(TlObject.class, Rows.key(Rows.EVENT, messageId))) {
      case EventNewMessage(_, long peer, int id) when id == messageId -> peer;
      case EventSentMessage(_, long peer, int id, _) when id == messageId -> peer;
      case null, default -> {
        MessagePeerRow older = row(MessagePeerRow.class, Rows.key(Rows.MESSAGE_PEER, messageId));
        yield older == null ? null : older.peerId();
      }
    };
  }

  /**
   * Messages with {@code peer} whose id is in {@code [from, to)}, in {@code order}, at most {@code
   * limit}.
   */
  List<MessageEntry> messages(long peer, int from, int to, Order order, int limit) {
    if (limit <= 0 || from >= to) {
      return List.of();
    }
    byte[] first = Rows.key(Rows.MESSAGE, peer, from);
    byte[] end = Rows.key(Rows.MESSAGE, peer, to);
    return store.scan(lease.partition(), first, end, order, limit).stream()
        .map(
            row ->
                new MessageEntry(
                    ByteBuffer.wrap(row.key()).getInt(9),
                    Rows.decode(MessageRow.class, row.value())))
        .toList();
  }

  /** Ids in an index of {@code peer}'s messages, newest first, below {@code before}. */
  List<Integer> indexed(long peer, byte kind, int before, int limit) {
    byte[] first = Rows.key(Rows.INDEX, peer, kind, 0);
    byte[] end = Rows.key(Rows.INDEX, peer, kind, before);
    return store.scan(lease.partition(), first, end, Order.DESCENDING, limit).stream()
        .map(row -> ByteBuffer.wrap(row.key()).getInt(10))
        .toList();
  }

  /** Rows of this account whose keys are in {@code [from, to)}. */
  List<Row> rows(byte[] from, byte @Nullable [] to, Order order, int limit) {
    return store.scan(lease.partition(), from, to, order, limit);
  }

  /** Events after {@code pts}, oldest first, at most {@code limit}. */
  List<EventEntry> eventsAfter(int pts, int limit) {
    byte[] from = Rows.key(Rows.EVENT, pts + 1);
    byte[] to = Rows.after(Rows.key(Rows.EVENT));
    return store.scan(lease.partition(), from, to, Order.ASCENDING, limit).stream()
        .map(
            row ->
                new EventEntry(
                    ByteBuffer.wrap(row.key()).getInt(1),
                    (AnyEventRow) Rows.decode(TlObject.class, row.value())))
        .toList();
  }

  /** A row of this account; null when there is none. */
  <T extends TlObject> @Nullable T row(Class<T> type, byte[] key) {
    return Rows.decodeIfPresent(type, store.get(lease.partition(), key));
  }

  /**
   * Takes over what was synced.
   *
   * @param saved whether rows of box and dialogs were, or only the log
   */
  void adopt(
      BoxRow newBox,
      boolean saved,
      Map<Long, DialogRow2> changedDialogs,
      Map<Long, ContactRow> changedContacts,
      Set<Long> removedContacts) {
    box = newBox;
    dialogs.putAll(changedDialogs);
    if (saved) {
      savedPts = newBox.pts();
      unsaved.clear();
    } else {
      unsaved.addAll(changedDialogs.keySet());
    }
    contacts.putAll(changedContacts);
    removedContacts.forEach(contacts::remove);
  }

  /** Takes over who was blocked or, with null, unblocked. */
  void adoptBlocked(long userId, @Nullable BlockedRow row) {
    if (row == null) {
      blocked.remove(userId);
    } else {
      blocked.put(userId, row);
    }
  }

  /** A message of a dialog and its id in this box. */
  record MessageEntry(int id, MessageRow row) {}

  /** What happened at {@code pts}. */
  record EventEntry(int pts, AnyEventRow event) {}
}

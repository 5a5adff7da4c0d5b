package dev.starling.messenger;

import dev.starling.messenger.Mailbox.MessageEntry;
import dev.starling.mtproto.Env;
import dev.starling.store.Order;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.UpdateReadHistoryInbox;
import dev.starling.tl.api.UpdateReadHistoryOutbox;
import dev.starling.tl.row.DialogRow;
import dev.starling.tl.row.EventNewMessage;
import dev.starling.tl.row.EventReadInbox;
import dev.starling.tl.row.EventReadOutbox;
import dev.starling.tl.row.MessagePeerRow;
import dev.starling.tl.row.MessageRow;
import dev.starling.tl.row.SentRow;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Private chats: what a step does to the boxes of both sides. A message is two rows, one a box,
 * each with the box's own id; the reader's row remembers the sender's id ({@code origin_id}), the
 * reader's {@code 'o'} row leads back.
 */
final class Chats {
  /** Rows looked at in one scan while read marks are computed. */
  private static final int SCAN_ROWS = 200;

  private final Mailboxes mailboxes;
  private final Users users;
  private final Sessions sessions;
  private final Env env;

  Chats(Mailboxes mailboxes, Users users, Sessions sessions, Env env) {
    this.mailboxes = mailboxes;
    this.users = users;
    this.sessions = sessions;
    this.env = env;
  }

  /**
   * Sends {@code template} (text and entities; ids, peers and date are set here) and answers what
   * the sending session is told. The same {@code randomId} again answers the same message and
   * changes nothing.
   */
  AnyUpdates send(long from, long to, long randomId, Message template, long session) {
    if (to == ServiceAccount.ID) {
      return toService(from, randomId, template, session);
    }
    return from == to
        ? mailboxes.with(from, self -> note(self, randomId, template, session))
        : mailboxes.with(
            from, to, (sender, reader) -> send(sender, reader, randomId, template, session));
  }

  private AnyUpdates send(
      Mailbox sender, Mailbox reader, long randomId, Message template, long session) {
    SentRow sent = sender.sent(randomId);
    if (sent != null) {
      return again(sender, reader.id, randomId, sent);
    }
    int now = env.unixSeconds();
    Draft out = new Draft(sender, now);
    Draft in = new Draft(reader, now);
    Message authored = template.withFromId(new PeerUser(sender.id));
    Message outgoing =
        authored
            .withOut(true)
            .withId(out.nextMessageId())
            .withPeerId(new PeerUser(reader.id))
            .withDate(out.date());
    Message incoming =
        authored.withId(in.nextMessageId()).withPeerId(new PeerUser(sender.id)).withDate(in.date());
    int outPts = add(out, reader.id, outgoing, 0);
    int inPts = add(in, sender.id, incoming, outgoing.id());
    out.put(Rows.key(Rows.SENT, randomId), new SentRow(outgoing.id(), outPts));
    in.put(Rows.key(Rows.DELIVERED, sender.id, outgoing.id()), new SentRow(incoming.id(), inPts));
    mailboxes.commit(out, in);
    sessions.push(reader.id, newMessage(reader, sender.id, incoming, inPts), 0);
    sessions.push(sender.id, newMessage(sender, reader.id, outgoing, outPts), session);
    return sent(sender, reader.id, randomId, outgoing, outPts);
  }

  /**
   * Saved Messages: one box, one row; {@code out} stays unset and {@code saved_peer_id} names
   * oneself.
   */
  private AnyUpdates note(Mailbox self, long randomId, Message template, long session) {
    SentRow sent = self.sent(randomId);
    if (sent != null) {
      return again(self, self.id, randomId, sent);
    }
    Draft draft = new Draft(self, env.unixSeconds());
    PeerUser me = new PeerUser(self.id);
    Message note =
        template
            .withId(draft.nextMessageId())
            .withFromId(me)
            .withPeerId(me)
            .withSavedPeerId(me)
            .withDate(draft.date());
    int pts = add(draft, self.id, note, 0);
    draft.put(Rows.key(Rows.SENT, randomId), new SentRow(note.id(), pts));
    mailboxes.commit(draft);
    sessions.push(self.id, newMessage(self, self.id, note, pts), session);
    return sent(self, self.id, randomId, note, pts);
  }

  /** Hears what people say to the service; called once for each message, after it is stored. */
  interface ServiceInbox {
    void heard(long from, String text);
  }

  private ServiceInbox serviceInbox = (_, _) -> {};

  void serviceInbox(ServiceInbox inbox) {
    serviceInbox = inbox;
  }

  /** The service keeps no box of its own: what is said to it stays with who said it. */
  private AnyUpdates toService(long from, long randomId, Message template, long session) {
    AtomicBoolean fresh = new AtomicBoolean();
    AnyUpdates answer =
        mailboxes.with(
            from,
            sender -> {
              SentRow sent = sender.sent(randomId);
              if (sent != null) {
                return again(sender, ServiceAccount.ID, randomId, sent);
              }
              fresh.set(true);
              Draft out = new Draft(sender, env.unixSeconds());
              Message said =
                  template
                      .withOut(true)
                      .withFromId(new PeerUser(from))
                      .withId(out.nextMessageId())
                      .withPeerId(new PeerUser(ServiceAccount.ID))
                      .withDate(out.date());
              int pts = add(out, ServiceAccount.ID, said, 0);
              out.put(Rows.key(Rows.SENT, randomId), new SentRow(said.id(), pts));
              mailboxes.commit(out);
              sessions.push(from, newMessage(sender, ServiceAccount.ID, said, pts), session);
              return sent(sender, ServiceAccount.ID, randomId, said, pts);
            });
    if (fresh.get()) {
      serviceInbox.heard(from, template.message());
    }
    return answer;
  }

  /** The service says something to {@code to}. */
  void fromService(long to, String text, List<AnyMessageEntity> entities) {
    mailboxes.with(
        to,
        reader -> {
          Draft in = new Draft(reader, env.unixSeconds());
          PeerUser service = new PeerUser(ServiceAccount.ID);
          int id = in.nextMessageId();
          Message said =
              Message.of(id, service, in.date(), text)
                  .withFromId(service)
                  .withEntities(entities.isEmpty() ? null : entities);
          int pts = add(in, ServiceAccount.ID, said, id); // an origin marks it as incoming
          mailboxes.commit(in);
          sessions.push(to, newMessage(reader, ServiceAccount.ID, said, pts), 0);
          return true;
        });
  }

  private static int add(Draft draft, long peer, Message message, int originId) {
    byte[] body = Tl.encode(message, Layer.NEWEST);
    draft.put(
        Rows.key(Rows.MESSAGE, peer, message.id()),
        new MessageRow(Layer.NEWEST.number(), originId, body));
    draft.put(Rows.key(Rows.MESSAGE_PEER, message.id()), new MessagePeerRow(peer));
    DialogRow dialog = draft.dialog(peer);
    draft.dialog(
        dialog
            .withTopMessage(message.id())
            .withTopDate(message.date())
            .withMessageCount(dialog.messageCount() + 1)
            .withUnreadCount(dialog.unreadCount() + (originId == 0 ? 0 : 1)));
    return draft.append(new EventNewMessage(draft.date(), peer, message.id()));
  }

  private AnyUpdates again(Mailbox sender, long peer, long randomId, SentRow sent) {
    MessageRow row = sender.message(peer, sent.messageId());
    if (row == null) {
      // The first send went to somebody else: a random_id names one message, and that one it
      // answers.
      return bundle(sender, List.of(sender.id), new UpdateMessageID(sent.messageId(), randomId));
    }
    return sent(sender, peer, randomId, message(row), sent.pts());
  }

  private AnyUpdates sent(Mailbox sender, long peer, long randomId, Message message, int pts) {
    return bundle(
        sender,
        List.of(sender.id, peer),
        new UpdateMessageID(message.id(), randomId),
        new UpdateNewMessage(message, pts, 1));
  }

  private AnyUpdates newMessage(Mailbox box, long peer, Message message, int pts) {
    return bundle(box, List.of(box.id, peer), new UpdateNewMessage(message, pts, 1));
  }

  /**
   * Never a short push: several clients answer each with a difference. Users are always complete.
   */
  private AnyUpdates bundle(Mailbox viewer, List<Long> userIds, AnyUpdate... updates) {
    return new dev.starling.tl.api.Updates(
        List.of(updates), users.views(viewer, userIds), List.of(), viewer.box().date(), 0);
  }

  /**
   * Marks what {@code from} said to {@code reader} as read up to {@code maxId} (an id of the
   * reader's box).
   */
  MessagesAffectedMessages read(long reader, long from, int maxId, long session) {
    return reader == from
        ? mailboxes.with(reader, self -> readOwn(self))
        : mailboxes.with(reader, from, (box, author) -> read(box, author, maxId, session));
  }

  private MessagesAffectedMessages read(Mailbox reader, Mailbox author, int maxId, long session) {
    DialogRow dialog = reader.dialog(author.id);
    int upTo = maxId <= 0 ? dialog.topMessage() : Math.min(maxId, dialog.topMessage());
    if (upTo <= dialog.readInboxMaxId()) {
      return new MessagesAffectedMessages(reader.box().pts(), 0);
    }
    int unread = incomingAfter(reader, author.id, upTo);
    int now = env.unixSeconds();
    Draft inbox = new Draft(reader, now);
    inbox.dialog(dialog.withReadInboxMaxId(upTo).withUnreadCount(unread));
    int pts = inbox.append(new EventReadInbox(inbox.date(), author.id, upTo, unread));
    int origin = lastOrigin(reader, author.id, dialog.readInboxMaxId() + 1, upTo);
    DialogRow theirs = author.dialog(reader.id);
    if (origin > theirs.readOutboxMaxId()) {
      Draft outbox = new Draft(author, now);
      outbox.dialog(theirs.withReadOutboxMaxId(origin));
      int theirPts = outbox.append(new EventReadOutbox(outbox.date(), reader.id, origin));
      mailboxes.commit(inbox, outbox);
      AnyUpdate seen = new UpdateReadHistoryOutbox(new PeerUser(reader.id), origin, theirPts, 1);
      sessions.push(author.id, bundle(author, List.of(reader.id), seen), 0);
    } else {
      mailboxes.commit(inbox);
    }
    AnyUpdate read = readInbox(author.id, upTo, unread, pts);
    sessions.push(reader.id, bundle(reader, List.of(author.id), read), session);
    return new MessagesAffectedMessages(pts, 1);
  }

  /** Saved Messages are read by being written. */
  private static MessagesAffectedMessages readOwn(Mailbox self) {
    return new MessagesAffectedMessages(self.box().pts(), 0);
  }

  static AnyUpdate readInbox(long peer, int maxId, int stillUnread, int pts) {
    return UpdateReadHistoryInbox.of(new PeerUser(peer), maxId, stillUnread, pts, 1);
  }

  private static int incomingAfter(Mailbox box, long peer, int id) {
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

  static Message message(MessageRow row) {
    return Rows.decodeApi(Message.class, row.message());
  }

  static @Nullable Message messageIfPresent(@Nullable MessageRow row) {
    return row == null ? null : message(row);
  }
}

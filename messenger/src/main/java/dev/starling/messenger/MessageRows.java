package dev.starling.messenger;

import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.AnyPeer;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageEmpty;
import dev.starling.tl.api.MessageEntityMentionName;
import dev.starling.tl.api.MessageEntityTextUrl;
import dev.starling.tl.api.MessageEntityUrl;
import dev.starling.tl.api.MessageFwdHeader;
import dev.starling.tl.api.MessageReplyHeader;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.EventNewMessage;
import dev.starling.tl.row.EventSentMessage;
import dev.starling.tl.row.MessagePeerRow;
import dev.starling.tl.row.MessageRow;
import dev.starling.tl.row.SentRow;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a message in one box, and what can be asked of a message whatever kind it is of. */
final class MessageRows {
  /** Kinds of the index {@code 'x'}. */
  static final byte PINNED = 1;

  static final byte LINKS = 2;

  private MessageRows() {}

  static AnyMessage decode(MessageRow row) {
    return Rows.decodeApi(AnyMessage.class, row.message());
  }

  static @Nullable AnyMessage decodeIfPresent(@Nullable MessageRow row) {
    return row == null ? null : decode(row);
  }

  static int id(AnyMessage message) {
    return switch (message) {
      case Message m -> m.id();
      case MessageService m -> m.id();
      case MessageEmpty m -> m.id();
    };
  }

  static int date(AnyMessage message) {
    return switch (message) {
      case Message m -> m.date();
      case MessageService m -> m.date();
      case MessageEmpty _ -> 0;
    };
  }

  /** Sets or replaces a message; dialog and log are the caller's. */
  static void put(Draft draft, long peer, AnyMessage message, int origin) {
    int id = id(message);
    byte[] body = Tl.encode((TlObject) message, Layer.NEWEST);
    draft.put(
        Rows.key(Rows.MESSAGE, peer, id), new MessageRow(Layer.NEWEST.number(), origin, body));
    if (message instanceof Message m && hasLinks(m)) {
      draft.put(Rows.key(Rows.INDEX, peer, LINKS, id), new MessagePeerRow(peer));
    }
  }

  /**
   * Adds a new message: its rows, the dialog, the log.
   *
   * @param origin its id in the box of who sent it; 0 in the sender's own
   * @param randomId by which its sender knows it; null when it was not sent by a call
   * @return its pts
   */
  static int add(Draft draft, long peer, AnyMessage message, int origin, @Nullable Long randomId) {
    int id = id(message);
    put(draft, peer, message, origin);
    if (origin != 0) {
      draft.put(Rows.key(Rows.DELIVERED, peer, origin), new SentRow(id, id));
    }
    if (randomId != null) {
      draft.put(Rows.key(Rows.SENT, randomId), new SentRow(id, id));
      return draft.grow(new EventSentMessage(draft.date(), peer, id, randomId), peer, id, false);
    }
    EventNewMessage event = new EventNewMessage(draft.date(), peer, id);
    if (origin != 0) {
      return draft.grow(event, peer, id, true);
    }
    draft.dialog(Mailbox.grown(draft.dialog(peer), id, draft.date(), false));
    return draft.append(event);
  }

  /** Removes a message's rows; dialog and log are the caller's. */
  static void remove(Draft draft, long peer, int id, MessageRow row) {
    draft.delete(Rows.key(Rows.MESSAGE, peer, id));
    draft.delete(Rows.key(Rows.MESSAGE_PEER, id));
    if (row.originId() != 0) {
      draft.delete(Rows.key(Rows.DELIVERED, peer, row.originId()));
    }
    if (decode(row) instanceof Message m) {
      unindexLinks(draft, peer, m);
      if (m.pinned()) {
        draft.delete(Rows.key(Rows.INDEX, peer, PINNED, id));
      }
    }
  }

  /** Takes a message out of the index of links. */
  static void unindexLinks(Draft draft, long peer, Message message) {
    if (hasLinks(message)) {
      draft.delete(Rows.key(Rows.INDEX, peer, LINKS, message.id()));
    }
  }

  /**
   * The id that {@code box}'s message has in {@code other}, the other side's box; 0 when it is not
   * there.
   */
  static int idIn(Mailbox other, Mailbox box, int id, MessageRow row) {
    if (row.originId() != 0) {
      return other.message(box.id, row.originId()) == null ? 0 : row.originId();
    }
    SentRow delivered = other.row(SentRow.class, Rows.key(Rows.DELIVERED, box.id, id));
    return delivered == null ? 0 : delivered.messageId();
  }

  private static boolean hasLinks(Message message) {
    List<AnyMessageEntity> entities = message.entities();
    return entities != null
        && entities.stream()
            .anyMatch(e -> e instanceof MessageEntityUrl || e instanceof MessageEntityTextUrl);
  }

  /** The users that a message names: an update or page must bring them along. */
  static Set<Long> people(AnyMessage message) {
    Set<Long> people = new HashSet<>();
    switch (message) {
      case Message m -> {
        add(people, m.peerId(), m.fromId(), m.savedPeerId());
        forwarded(people, m.fwdFrom());
        if (m.replyTo() instanceof MessageReplyHeader reply) {
          add(people, reply.replyToPeerId());
          forwarded(people, reply.replyFrom());
        }
        if (m.entities() != null) {
          for (AnyMessageEntity entity : m.entities()) {
            if (entity instanceof MessageEntityMentionName(_, _, long user)) {
              people.add(user);
            }
          }
        }
      }
      case MessageService m -> add(people, m.peerId(), m.fromId(), m.savedPeerId());
      case MessageEmpty _ -> {}
    }
    return people;
  }

  private static void forwarded(Set<Long> people, @Nullable MessageFwdHeader header) {
    if (header != null) {
      add(people, header.fromId(), header.savedFromPeer(), header.savedFromId());
    }
  }

  private static void add(Set<Long> people, @Nullable AnyPeer... peers) {
    for (AnyPeer peer : peers) {
      if (peer instanceof PeerUser(long id)) {
        people.add(id);
      }
    }
  }
}

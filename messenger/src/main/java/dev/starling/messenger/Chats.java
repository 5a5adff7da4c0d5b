package dev.starling.messenger;

import dev.starling.tl.api.AnyMessage;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateMessageID;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.row.SentRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sending in private chats. A message is two rows, one a box, each with the box's own id; the
 * reader's row remembers the sender's id ({@code origin_id}), the reader's {@code 'o'} row leads
 * back.
 */
final class Chats {
  /**
   * What one call sends.
   *
   * @param randomIds one a message: the same again answers the same message and changes nothing
   * @param clearDraft whether what was being written there is done with
   * @param composer writes the messages
   */
  record Outgoing(List<Long> randomIds, boolean clearDraft, Composer composer) {}

  /** Writes a message, knowing both boxes; not asked for what was sent before. */
  interface Composer {
    /**
     * The {@code index}th message.
     *
     * @param reader null when the sender writes to itself
     */
    Answer<Letter> compose(Mailbox sender, @Nullable Mailbox reader, int index);
  }

  /**
   * A message as each side will have it: all but ids, peers and date, which are set when it is
   * sent.
   */
  record Letter(Message outgoing, Message incoming) {
    Letter(Message both) {
      this(both, both);
    }
  }

  /** Hears what people say to the service; called once for each message, after it is stored. */
  interface ServiceInbox {
    void heard(long from, String text);
  }

  private final Delivery delivery;
  private final Archive archive;
  private ServiceInbox serviceInbox = (_, _) -> {};

  Chats(Delivery delivery, Archive archive) {
    this.delivery = delivery;
    this.archive = archive;
  }

  void serviceInbox(ServiceInbox inbox) {
    serviceInbox = inbox;
  }

  /** Sends to {@code to}, which may be the sender, and answers what the session is told. */
  Answer<AnyUpdates> send(long from, long to, Outgoing outgoing, long session) {
    List<String> heard = new ArrayList<>();
    Answer<AnyUpdates> answer =
        delivery.with(from, to, (sender, reader) -> send(sender, reader, outgoing, session, heard));
    // The service keeps no box of its own: what is said to it stays with who said it.
    if (to == ServiceAccount.ID) {
      heard.forEach(text -> serviceInbox.heard(from, text));
    }
    return answer;
  }

  private Answer<AnyUpdates> send(
      Mailbox sender,
      @Nullable Mailbox reader,
      Outgoing outgoing,
      long session,
      List<String> heard) {
    if (reader != null && sender.blocked(reader.id) != null) {
      return Answer.refusal(400, "YOU_BLOCKED_USER");
    }
    if (reader != null && reader.ownerless && reader.id != ServiceAccount.ID) {
      return Answer.refusal(400, "INPUT_USER_DEACTIVATED");
    }
    Draft out = delivery.draft(sender);
    // "A blocked person's message reaches only the sender's own box": the sender is not told.
    boolean arrives = reader != null && reader.blocked(sender.id) == null;
    Draft in = reader != null && arrives ? delivery.draft(reader) : null;
    List<AnyUpdate> ids = new ArrayList<>();
    List<AnyUpdate> again = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < outgoing.randomIds.size(); i++) {
      long randomId = outgoing.randomIds.get(i);
      SentRow sent = sender.sent(randomId);
      if (sent != null) {
        ids.add(new UpdateMessageID(sent.messageId(), randomId));
        again(sender, sent, again, out);
        continue;
      }
      if (!seen.add(randomId)) {
        return Answer.refusal(400, "RANDOM_ID_DUPLICATE");
      }
      switch (outgoing.composer.compose(sender, reader, i)) {
        case Answer.Refusal<Letter>(int code, String message) -> {
          return Answer.refusal(code, message);
        }
        case Answer.Result<Letter>(Letter letter) -> {
          int id = add(out, in, reader == null ? sender.id : reader.id, letter, randomId);
          ids.add(new UpdateMessageID(id, randomId));
          heard.add(letter.outgoing.message());
        }
      }
    }
    if (!out.isEmpty()) {
      Sweep.into(out);
      if (outgoing.clearDraft) {
        Drafts.clear(out, reader == null ? sender.id : reader.id);
      }
      delivery.commit(out, in, session);
    }
    ids.addAll(again);
    ids.addAll(out.news());
    return Answer.result(delivery.updates(sender, out.people(), ids));
  }

  private int add(Draft out, @Nullable Draft in, long peer, Letter letter, long randomId) {
    Mailbox sender = out.mailbox();
    PeerUser me = new PeerUser(sender.id);
    int id = out.nextMessageId();
    Message mine =
        letter
            .outgoing
            .withOut(peer != sender.id)
            .withId(id)
            .withFromId(me)
            .withPeerId(new PeerUser(peer))
            .withDate(out.date());
    if (peer == sender.id && mine.savedPeerId() == null) {
      mine = mine.withSavedPeerId(me);
    }
    tell(out, peer, mine, MessageRows.add(out, peer, mine, 0, randomId));
    if (in != null) {
      receive(in, sender.id, letter.incoming.withId(in.nextMessageId()), id);
    }
    return id;
  }

  /** Puts a message from {@code from} into a box; {@code origin} is its id there. */
  private void receive(Draft in, long from, Message template, int origin) {
    PeerUser author = new PeerUser(from);
    Message message = template.withFromId(author).withPeerId(author).withDate(in.date());
    tell(in, from, message, MessageRows.add(in, from, message, origin, null));
    archive.wake(in, from);
  }

  /** Tells a box of a new message. */
  static void tell(Draft draft, long peer, AnyMessage message, int pts) {
    draft.tell(new UpdateNewMessage(message, pts, 1), peer);
    draft.names(MessageRows.people(message));
  }

  /** A random_id names one message, whomever it is now sent to, and that one it answers. */
  private static void again(Mailbox sender, SentRow sent, List<AnyUpdate> updates, Draft people) {
    AnyMessage message = MessageRows.decodeIfPresent(sender.message(sent.messageId()));
    if (message != null) {
      updates.add(new UpdateNewMessage(message, sent.pts(), 1));
      people.names(MessageRows.people(message));
    }
  }

  /** The service says something to {@code to}. */
  void fromService(long to, String text, List<AnyMessageEntity> entities) {
    delivery.with(
        to,
        reader -> {
          Draft in = delivery.draft(reader);
          int id = in.nextMessageId();
          Message said =
              Message.of(id, new PeerUser(to), 0, text)
                  .withEntities(entities.isEmpty() ? null : entities);
          receive(in, ServiceAccount.ID, said, id); // an origin marks it as incoming
          delivery.commit(in, null, 0);
          return true;
        });
  }
}

package dev.starling.messenger;

import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessageActionPinMessage;
import dev.starling.tl.api.MessageReplyHeader;
import dev.starling.tl.api.MessageService;
import dev.starling.tl.api.MessagesAffectedHistory;
import dev.starling.tl.api.MessagesUpdatePinnedMessage;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdatePinnedMessages;
import dev.starling.tl.row.EventPinnedMessages;
import dev.starling.tl.row.MessagePeerRow;
import dev.starling.tl.row.MessageRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages pinned in a chat, for both sides or for oneself. */
final class Pins {
  /** Messages unpinned in one step. */
  private static final int STEP_MAX = 500;

  private final Delivery delivery;
  private final Archive archive;

  Pins(Delivery delivery, Archive archive) {
    this.delivery = delivery;
    this.archive = archive;
  }

  /** The newest pinned message of a dialog; null when there is none. */
  static @Nullable Integer newest(Mailbox box, long peer) {
    List<Integer> ids = box.indexed(peer, MessageRows.PINNED, Integer.MAX_VALUE, 1);
    return ids.isEmpty() ? null : ids.getFirst();
  }

  Answer<AnyUpdates> pin(long me, long peer, MessagesUpdatePinnedMessage m, long session) {
    return delivery.with(
        me,
        peer,
        (box, other) -> {
          MessageRow row = box.message(peer, m.id());
          if (row == null || !(MessageRows.decode(row) instanceof Message)) {
            return Answer.refusal(400, "MESSAGE_ID_INVALID");
          }
          Draft mine = delivery.draft(box);
          boolean pinned = !m.unpin();
          if (!set(mine, peer, List.of(m.id()), pinned)) {
            return Answer.refusal(400, "CHAT_NOT_MODIFIED");
          }
          Draft theirs = null;
          if (other != null && !m.pmOneside() && other.blocked(me) == null) {
            theirs = delivery.draft(other);
            int id = MessageRows.idIn(other, box, m.id(), row);
            if (id != 0) {
              set(theirs, me, List.of(id), pinned);
            }
            if (pinned) {
              say(mine, theirs, m, id);
            }
          }
          delivery.commit(mine, theirs, session);
          return Answer.result(delivery.answer(mine));
        });
  }

  /** "... pinned a message", in both boxes. */
  private void say(Draft mine, Draft theirs, MessagesUpdatePinnedMessage m, int theirId) {
    long me = mine.mailbox().id;
    long peer = theirs.mailbox().id;
    int id = mine.nextMessageId();
    MessageService said =
        MessageService.of(id, new PeerUser(peer), mine.date(), new MessageActionPinMessage())
            .withOut(true)
            .withSilent(m.silent())
            .withFromId(new PeerUser(me))
            .withReplyTo(MessageReplyHeader.of().withReplyToMsgId(m.id()));
    Chats.tell(mine, peer, said, MessageRows.add(mine, peer, said, 0, null));
    MessageService heard =
        said.withOut(false)
            .withId(theirs.nextMessageId())
            .withPeerId(new PeerUser(me))
            .withDate(theirs.date())
            .withReplyTo(theirId == 0 ? null : MessageReplyHeader.of().withReplyToMsgId(theirId));
    Chats.tell(theirs, me, heard, MessageRows.add(theirs, me, heard, id, null));
    archive.wake(theirs, me);
  }

  /** Unpins all, a step a call, on both sides. */
  MessagesAffectedHistory unpinAll(long me, long peer, long session) {
    return delivery.with(
        me,
        peer,
        (box, other) -> {
          List<Integer> ids = box.indexed(peer, MessageRows.PINNED, Integer.MAX_VALUE, STEP_MAX);
          Draft mine = delivery.draft(box);
          int before = mine.pts();
          set(mine, peer, ids, false);
          Draft theirs = null;
          if (other != null && other.blocked(me) == null) {
            List<Integer> copies = new ArrayList<>();
            for (int id : ids) {
              MessageRow row = box.message(peer, id);
              int copy = row == null ? 0 : MessageRows.idIn(other, box, id, row);
              if (copy != 0) {
                copies.add(copy);
              }
            }
            theirs = delivery.draft(other);
            set(theirs, me, copies, false);
          }
          if (!mine.isEmpty()) {
            delivery.commit(mine, theirs, session);
          }
          int left = ids.size() < STEP_MAX ? 0 : 1;
          return new MessagesAffectedHistory(mine.pts(), mine.pts() - before, left);
        });
  }

  /** Pins or unpins messages of one box; false when all are so already. */
  private static boolean set(Draft draft, long peer, List<Integer> ids, boolean pinned) {
    List<Integer> changed = new ArrayList<>();
    for (int id : ids) {
      MessageRow row = draft.mailbox().message(peer, id);
      if (row != null
          && MessageRows.decode(row) instanceof Message message
          && message.pinned() != pinned) {
        MessageRows.put(draft, peer, message.withPinned(pinned), row.originId());
        byte[] key = Rows.key(Rows.INDEX, peer, MessageRows.PINNED, id);
        if (pinned) {
          draft.put(key, new MessagePeerRow(peer));
        } else {
          draft.delete(key);
        }
        changed.add(id);
      }
    }
    if (changed.isEmpty()) {
      return false;
    }
    int pts =
        draft.append(new EventPinnedMessages(pinned, draft.date(), peer, changed), changed.size());
    draft.tell(
        new UpdatePinnedMessages(pinned, new PeerUser(peer), changed, pts, changed.size()), peer);
    return true;
  }
}

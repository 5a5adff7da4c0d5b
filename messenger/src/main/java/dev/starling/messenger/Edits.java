package dev.starling.messenger;

import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.UpdateEditMessage;
import dev.starling.tl.row.EventEditMessage;
import dev.starling.tl.row.MessageRow;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Changing what one has written, on both sides. */
final class Edits {
  /** "edit_time_limit" of the configuration; notes to oneself may be edited for ever. */
  static final int EDIT_SECONDS = 172_800;

  private final Delivery delivery;

  Edits(Delivery delivery) {
    this.delivery = delivery;
  }

  /** Why {@code me} may not edit a message; null when it may. */
  Answer.@Nullable Refusal<AnyUpdates> refusal(Mailbox box, long peer, int id) {
    MessageRow row = box.message(peer, id);
    if (row == null || !(MessageRows.decode(row) instanceof Message message)) {
      return new Answer.Refusal<>(400, "MESSAGE_ID_INVALID");
    }
    if (row.originId() != 0 || message.fwdFrom() != null) {
      return new Answer.Refusal<>(403, "MESSAGE_AUTHOR_REQUIRED");
    }
    return peer != box.id && message.date() < delivery.now() - EDIT_SECONDS
        ? new Answer.Refusal<>(400, "MESSAGE_EDIT_TIME_EXPIRED")
        : null;
  }

  Answer<AnyUpdates> edit(long me, long peer, int id, Entities text, long session) {
    return delivery.with(
        me,
        peer,
        (box, other) -> {
          Answer.Refusal<AnyUpdates> refusal = refusal(box, peer, id);
          if (refusal != null) {
            return refusal;
          }
          MessageRow row = Objects.requireNonNull(box.message(peer, id));
          Draft mine = delivery.draft(box);
          if (!change(mine, peer, row, text)) {
            return Answer.refusal(400, "MESSAGE_NOT_MODIFIED");
          }
          Draft theirs = null;
          // "A blocked person's message reaches only the sender's own box": nor does its edit.
          if (other != null && other.blocked(me) == null) {
            MessageRow copy = other.message(me, MessageRows.idIn(other, box, id, row));
            theirs = delivery.draft(other);
            if (copy != null) {
              change(theirs, me, copy, text);
            }
          }
          delivery.commit(mine, theirs, session);
          return Answer.result(delivery.answer(mine));
        });
  }

  private static boolean change(Draft draft, long peer, MessageRow row, Entities text) {
    if (!(MessageRows.decode(row) instanceof Message message)
        || (message.message().equals(text.text())
            && Objects.equals(message.entities(), text.entities()))) {
      return false;
    }
    Message edited =
        message.withMessage(text.text()).withEntities(text.entities()).withEditDate(draft.date());
    MessageRows.unindexLinks(draft, peer, message);
    MessageRows.put(draft, peer, edited, row.originId());
    int pts = draft.append(new EventEditMessage(draft.date(), peer, message.id()));
    draft.tell(new UpdateEditMessage(edited, pts, 1), peer);
    draft.names(MessageRows.people(edited));
    return true;
  }
}

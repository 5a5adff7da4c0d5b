package dev.starling.messenger;

import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.MessagesAffectedMessages;
import dev.starling.tl.api.MessagesDeleteHistory;
import dev.starling.tl.api.MessagesDeleteMessages;
import dev.starling.tl.api.MessagesEditMessage;
import dev.starling.tl.api.MessagesGetMessageEditData;
import dev.starling.tl.api.MessagesMessageEditData;

/** Changing and deleting what was said. */
final class EditMethods {
  private final Edits edits;
  private final MessageDeletions deletions;
  private final Delivery delivery;

  EditMethods(Edits edits, MessageDeletions deletions, Delivery delivery) {
    this.edits = edits;
    this.deletions = deletions;
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(MessagesEditMessage.class, this::edit);
    table.on(
        MessagesGetMessageEditData.class,
        (me, _, m) -> delivery.at(me, m.peer(), peer -> editData(me, peer, m.id())));
    table.on(MessagesDeleteMessages.class, this::delete);
    table.on(
        MessagesDeleteHistory.class,
        (me, caller, m) ->
            delivery.at(
                me,
                m.peer(),
                peer -> Answer.result(deletions.deleteHistory(me, peer, m, caller.sessionId()))));
  }

  private Answer<AnyUpdates> edit(long me, Caller caller, MessagesEditMessage m) {
    if (m.media() != null || m.scheduleDate() != null || m.richMessage() != null) {
      return Answer.refusal(400, "METHOD_NOT_SUPPORTED");
    }
    String text = m.message();
    if (text == null) {
      return Answer.refusal(400, "MESSAGE_NOT_MODIFIED");
    }
    return switch (Entities.of(text, m.entities(), u -> delivery.users().resolve(me, u))) {
      case Answer.Refusal<Entities>(int code, String message) -> Answer.refusal(code, message);
      case Answer.Result<Entities>(Entities edited) ->
          delivery.at(
              me, m.peer(), peer -> edits.edit(me, peer, m.id(), edited, caller.sessionId()));
    };
  }

  private Answer<MessagesMessageEditData> editData(long me, long peer, int id) {
    return delivery.with(
        me,
        box -> {
          Answer.Refusal<AnyUpdates> no = edits.refusal(box, peer, id);
          return no == null
              ? Answer.result(new MessagesMessageEditData(false))
              : Answer.refusal(no.code(), no.message());
        });
  }

  private Answer<MessagesAffectedMessages> delete(
      long me, Caller caller, MessagesDeleteMessages m) {
    return m.id().size() > MessageDeletions.STEP_MAX
        ? Answer.refusal(400, "LIMIT_INVALID")
        : Answer.result(deletions.delete(me, m.id(), m.revoke(), caller.sessionId()));
  }
}

package dev.starling.messenger;

import dev.starling.tl.api.AnyDraftMessage;
import dev.starling.tl.api.AnyUpdate;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.DraftMessage;
import dev.starling.tl.api.InputReplyToMessage;
import dev.starling.tl.api.MessagesClearAllDrafts;
import dev.starling.tl.api.MessagesGetAllDrafts;
import dev.starling.tl.api.MessagesSaveDraft;
import dev.starling.tl.api.MessagesSetTyping;
import dev.starling.tl.api.SendMessageCancelAction;
import dev.starling.tl.api.UpdateUserTyping;
import dev.starling.tl.row.DialogRow2;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is being written: told to the other side as typing, kept for one's own devices. */
final class DraftMethods {
  /** Drafts cleared in one step. */
  private static final int CLEARED_MAX = 1_000;

  private final Delivery delivery;

  DraftMethods(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        MessagesSetTyping.class,
        (me, _, m) -> delivery.at(me, m.peer(), peer -> typing(me, peer, m)));
    table.on(
        MessagesSaveDraft.class,
        (me, caller, m) ->
            delivery.at(me, m.peer(), peer -> save(me, peer, m, caller.sessionId())));
    table.on(MessagesGetAllDrafts.class, (me, _, _) -> Answer.result(delivery.with(me, this::all)));
    table.on(
        MessagesClearAllDrafts.class,
        (me, caller, _) -> Answer.result(clearAll(me, caller.sessionId())));
  }

  /** Kept nowhere: who is not there now does not learn of it. */
  private Answer<Boolean> typing(long me, long peer, MessagesSetTyping m) {
    return delivery.with(
        me,
        peer,
        (box, other) -> {
          boolean ends = m.action() instanceof SendMessageCancelAction;
          if (other != null
              && other.blocked(me) == null
              && box.blocked(peer) == null
              && (box.mayType(delivery.now()) || ends)) {
            delivery.pass(other, List.of(other.id, me), UpdateUserTyping.of(me, m.action()));
          }
          return Answer.result(true);
        });
  }

  private Answer<Boolean> save(long me, long peer, MessagesSaveDraft m, long session) {
    if (m.message().length() > ServiceMethods.MESSAGE_LENGTH_MAX) {
      return Answer.refusal(400, "MESSAGE_TOO_LONG");
    }
    if (m.media() != null || m.richMessage() != null) {
      return Answer.refusal(400, "METHOD_NOT_SUPPORTED");
    }
    boolean empty = m.message().isBlank() && !(m.replyTo() instanceof InputReplyToMessage);
    return delivery.with(
        me,
        box -> {
          Draft draft = delivery.draft(box);
          DraftMessage before = Drafts.of(box, peer);
          if (empty) {
            Drafts.clear(draft, peer);
          } else {
            DraftMessage now =
                DraftMessage.of(m.message(), draft.date())
                    .withNoWebpage(m.noWebpage())
                    .withInvertMedia(m.invertMedia())
                    .withReplyTo(m.replyTo())
                    .withEntities(
                        Entities.ofDraft(
                            m.message(), m.entities(), u -> delivery.users().resolve(me, u)))
                    .withEffect(m.effect());
            if (before == null || !before.withDate(now.date()).equals(now)) {
              Drafts.set(draft, peer, now);
            }
          }
          if (!draft.isEmpty()) {
            delivery.commitAside(draft, session);
          }
          return Answer.result(true);
        });
  }

  private AnyUpdates all(Mailbox box) {
    List<AnyUpdate> updates = new ArrayList<>();
    Set<Long> people = new LinkedHashSet<>();
    people.add(box.id);
    for (DialogRow2 dialog : box.dialogs()) {
      AnyDraftMessage draft = Drafts.of(box, dialog.peerId());
      if (draft != null) {
        updates.add(Drafts.update(dialog.peerId(), draft));
        people.add(dialog.peerId());
      }
    }
    return delivery.updates(box, people, updates);
  }

  private boolean clearAll(long me, long session) {
    return delivery.with(
        me,
        box -> {
          Draft draft = delivery.draft(box);
          box.dialogs().stream()
              .filter(DialogRow2::hasDraft)
              .limit(CLEARED_MAX)
              .forEach(dialog -> Drafts.clear(draft, dialog.peerId()));
          if (!draft.isEmpty()) {
            delivery.commitAside(draft, session);
          }
          return true;
        });
  }
}

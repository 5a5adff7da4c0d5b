package dev.starling.messenger;

import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.api.AnyDraftMessage;
import dev.starling.tl.api.DraftMessage;
import dev.starling.tl.api.DraftMessageEmpty;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDraftMessage;
import dev.starling.tl.row.DraftRow;
import org.jspecify.annotations.Nullable;

/** What a person has begun to write in a dialog and not yet sent: on all of its devices. */
final class Drafts {
  private Drafts() {}

  /** The draft in a dialog; null when there is none. */
  static @Nullable DraftMessage of(Mailbox box, long peer) {
    DraftRow row = box.draft(peer);
    return row == null ? null : Rows.decodeApi(DraftMessage.class, row.draft());
  }

  static void set(Draft draft, long peer, DraftMessage message) {
    byte[] body = Tl.encode(message, Layer.NEWEST);
    draft.put(Rows.key(Rows.DRAFT, peer), new DraftRow(Layer.NEWEST.number(), body));
    tell(draft, peer, message, true);
  }

  /** Removes the draft; nothing happens when there is none. */
  static void clear(Draft draft, long peer) {
    if (draft.dialog(peer).hasDraft()) {
      draft.delete(Rows.key(Rows.DRAFT, peer));
      tell(draft, peer, DraftMessageEmpty.of().withDate(draft.date()), false);
    }
  }

  private static void tell(Draft draft, long peer, AnyDraftMessage message, boolean has) {
    draft.supersede(draft.dialog(peer).draftPts()); // only the newest draft is worth telling
    int pts = draft.aside(update(peer, message), peer);
    draft.dialog(draft.dialog(peer).withHasDraft(has).withDraftPts(pts));
  }

  static UpdateDraftMessage update(long peer, AnyDraftMessage message) {
    return UpdateDraftMessage.of(new PeerUser(peer), message);
  }
}

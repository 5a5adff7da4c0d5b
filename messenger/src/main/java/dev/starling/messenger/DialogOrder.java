package dev.starling.messenger;

import dev.starling.tl.api.AnyDialogPeer;
import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.DialogPeer;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateDialogPinned;
import dev.starling.tl.api.UpdatePinnedDialogs;
import dev.starling.tl.row.DialogRow2;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which dialogs are pinned, in which order, and which are archived. */
final class DialogOrder {
  /** What clients without a paid account allow themselves in the main list. */
  static final int PINNED_MAX = 5;

  /** The same of the archive. */
  static final int ARCHIVE_PINNED_MAX = 100;

  private final Delivery delivery;

  DialogOrder(Delivery delivery) {
    this.delivery = delivery;
  }

  private static int pinnedMax(int folder) {
    return folder == 0 ? PINNED_MAX : ARCHIVE_PINNED_MAX;
  }

  /** Pins a dialog above all others of its folder, or unpins it. */
  Answer<Boolean> pin(long me, long peer, boolean pinned, long session) {
    return delivery.with(
        me,
        box -> {
          DialogRow2 dialog = box.dialog(peer);
          List<DialogRow2> others = DialogList.pinned(box, DialogList.folder(dialog));
          if (pinned == DialogList.pin(dialog) > 0) {
            return Answer.result(true);
          }
          if (pinned && others.size() >= pinnedMax(DialogList.folder(dialog))) {
            return Answer.refusal(400, "PINNED_DIALOGS_TOO_MUCH");
          }
          int highest = others.isEmpty() ? 0 : DialogList.pin(others.getFirst());
          Draft draft = delivery.draft(box);
          draft.dialog(dialog.withPin(pinned ? highest + 1 : null));
          draft.aside(
              UpdateDialogPinned.of(new DialogPeer(new PeerUser(peer)))
                  .withPinned(pinned)
                  .withFolderId(dialog.folderId()),
              peer);
          delivery.commitAside(draft, session);
          return Answer.result(true);
        });
  }

  /**
   * Puts pinned dialogs in an order.
   *
   * @param force whether those that {@code order} does not name are unpinned
   */
  Answer<Boolean> reorder(long me, int folder, List<Long> order, boolean force, long session) {
    return delivery.with(
        me,
        box -> {
          Set<Long> wanted = new LinkedHashSet<>();
          for (long peer : order) {
            if (DialogList.folder(box.dialog(peer)) == folder) {
              wanted.add(peer);
            }
          }
          List<DialogRow2> before = DialogList.pinned(box, folder);
          if (!force) {
            before.forEach(dialog -> wanted.add(dialog.peerId()));
          }
          if (wanted.size() > pinnedMax(folder)) {
            return Answer.refusal(400, "PINNED_DIALOGS_TOO_MUCH");
          }
          if (before.stream().map(DialogRow2::peerId).toList().equals(List.copyOf(wanted))) {
            return Answer.result(true);
          }
          Draft draft = delivery.draft(box);
          before.forEach(dialog -> draft.dialog(dialog.withPin(null)));
          int place = wanted.size();
          List<AnyDialogPeer> peers = new ArrayList<>();
          for (long peer : wanted) {
            draft.dialog(draft.dialog(peer).withPin(place--));
            peers.add(new DialogPeer(new PeerUser(peer)));
          }
          draft.names(wanted);
          draft.aside(
              UpdatePinnedDialogs.of().withFolderId(folder == 0 ? null : folder).withOrder(peers),
              me);
          delivery.commitAside(draft, session);
          return Answer.result(true);
        });
  }

  /** Moves dialogs to the archive or back; a pin stays behind. */
  Answer<AnyUpdates> move(long me, Map<Long, Integer> folders, long session) {
    return delivery.with(
        me,
        box -> {
          Draft draft = delivery.draft(box);
          for (int folder : Set.copyOf(folders.values())) {
            List<Long> peers =
                folders.entrySet().stream()
                    .filter(entry -> entry.getValue() == folder)
                    .map(Map.Entry::getKey)
                    .filter(peer -> DialogList.folder(box.dialog(peer)) != folder)
                    .toList();
            if (!peers.isEmpty()) {
              Archive.move(draft, peers, folder);
            }
          }
          if (!draft.isEmpty()) {
            delivery.commit(draft, null, session);
          }
          return Answer.result(delivery.answer(draft));
        });
  }
}

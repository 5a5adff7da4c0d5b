package dev.starling.messenger;

import dev.starling.tl.api.AnyUpdates;
import dev.starling.tl.api.FoldersEditPeerFolders;
import dev.starling.tl.api.InputFolderPeer;
import dev.starling.tl.api.MessagesReorderPinnedDialogs;
import dev.starling.tl.api.MessagesToggleDialogPin;
import dev.starling.tl.api.MessagesUnpinAllMessages;
import dev.starling.tl.api.MessagesUpdatePinnedMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Pinned messages, pinned dialogs, the archive. */
final class PinMethods {
  /** Dialogs moved in one call. */
  private static final int PEERS_MAX = 100;

  private final Pins pins;
  private final DialogOrder order;
  private final Delivery delivery;

  PinMethods(Pins pins, DialogOrder order, Delivery delivery) {
    this.pins = pins;
    this.order = order;
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        MessagesUpdatePinnedMessage.class,
        (me, caller, m) ->
            delivery.at(me, m.peer(), peer -> pins.pin(me, peer, m, caller.sessionId())));
    table.on(
        MessagesUnpinAllMessages.class,
        (me, caller, m) ->
            delivery.at(
                me, m.peer(), peer -> Answer.result(pins.unpinAll(me, peer, caller.sessionId()))));
    table.on(
        MessagesToggleDialogPin.class,
        (me, caller, m) ->
            delivery.at(me, m.peer(), peer -> order.pin(me, peer, m.pinned(), caller.sessionId())));
    table.on(MessagesReorderPinnedDialogs.class, this::reorder);
    table.on(FoldersEditPeerFolders.class, this::move);
  }

  private Answer<Boolean> reorder(long me, Caller caller, MessagesReorderPinnedDialogs m) {
    if (m.order().size() > DialogOrder.ARCHIVE_PINNED_MAX) {
      return Answer.refusal(400, "PINNED_DIALOGS_TOO_MUCH");
    }
    return switch (delivery.all(me, m.order())) {
      case Answer.Refusal<List<Long>>(int code, String message) -> Answer.refusal(code, message);
      case Answer.Result<List<Long>>(List<Long> peers) ->
          order.reorder(me, m.folderId(), peers, m.force(), caller.sessionId());
    };
  }

  private Answer<AnyUpdates> move(long me, Caller caller, FoldersEditPeerFolders m) {
    if (m.folderPeers().size() > PEERS_MAX) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    Map<Long, Integer> folders = new LinkedHashMap<>();
    for (InputFolderPeer input : m.folderPeers()) {
      OptionalLong peer = delivery.users().resolve(me, input.peer());
      if (peer.isEmpty()) {
        return Answer.refusal(400, "PEER_ID_INVALID");
      }
      if (input.folderId() != 0 && input.folderId() != DialogList.ARCHIVE) {
        return Answer.refusal(400, "FOLDER_ID_INVALID");
      }
      folders.put(peer.getAsLong(), input.folderId());
    }
    return order.move(me, folders, caller.sessionId());
  }
}

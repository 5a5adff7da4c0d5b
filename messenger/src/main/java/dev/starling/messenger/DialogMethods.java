package dev.starling.messenger;

import dev.starling.tl.api.AnyInputDialogPeer;
import dev.starling.tl.api.AnyMessagesDialogs;
import dev.starling.tl.api.MessagesGetDialogs;
import dev.starling.tl.api.MessagesGetPeerDialogs;
import dev.starling.tl.api.MessagesGetPinnedDialogs;
import dev.starling.tl.api.MessagesPeerDialogs;
import dev.starling.tl.row.DialogRow2;
import java.util.ArrayList;
import java.util.List;

/** Lists of dialogs. */
final class DialogMethods {
  /** Dialogs asked for by name in one call. */
  private static final int PEERS_MAX = 100;

  private final Delivery delivery;

  DialogMethods(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(MessagesGetDialogs.class, (me, _, m) -> dialogs(me, m));
    table.on(MessagesGetPeerDialogs.class, (me, _, m) -> peerDialogs(me, m.peers()));
    table.on(
        MessagesGetPinnedDialogs.class,
        (me, _, m) ->
            Answer.result(
                delivery.with(
                    me,
                    box ->
                        new DialogList(box, delivery.users())
                            .pinned(m.folderId(), Differences.state(box, delivery.now())))));
  }

  private Answer<AnyMessagesDialogs> dialogs(long me, MessagesGetDialogs m) {
    return Answer.result(delivery.with(me, box -> new DialogList(box, delivery.users()).page(m)));
  }

  private Answer<MessagesPeerDialogs> peerDialogs(long me, List<AnyInputDialogPeer> wanted) {
    if (wanted.size() > PEERS_MAX) {
      return Answer.refusal(400, "LIMIT_INVALID");
    }
    return switch (delivery.all(me, wanted)) {
      case Answer.Refusal<List<Long>>(int code, String message) -> Answer.refusal(code, message);
      case Answer.Result<List<Long>>(List<Long> peers) ->
          Answer.result(delivery.with(me, box -> peerDialogs(box, peers)));
    };
  }

  private MessagesPeerDialogs peerDialogs(Mailbox box, List<Long> peers) {
    List<DialogRow2> rows = new ArrayList<>();
    peers.forEach(peer -> rows.add(box.dialog(peer)));
    return new DialogList(box, delivery.users())
        .peerDialogs(rows, Differences.state(box, delivery.now()));
  }
}

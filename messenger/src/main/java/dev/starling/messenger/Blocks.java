package dev.starling.messenger;

import dev.starling.tl.api.AnyContactsBlocked;
import dev.starling.tl.api.ContactsBlock;
import dev.starling.tl.api.ContactsBlocked;
import dev.starling.tl.api.ContactsBlockedSlice;
import dev.starling.tl.api.ContactsGetBlocked;
import dev.starling.tl.api.ContactsUnblock;
import dev.starling.tl.api.PeerBlocked;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdatePeerBlocked;
import dev.starling.tl.row.BlockedRow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may not write to whom. Stories are not there, so a block of stories alone is refused. */
final class Blocks {
  private static final int PAGE_MAX = 100;

  private final Delivery delivery;

  Blocks(Delivery delivery) {
    this.delivery = delivery;
  }

  void register(MethodTable table) {
    table.on(
        ContactsBlock.class,
        (me, caller, m) ->
            m.myStoriesFrom()
                ? Answer.refusal(400, "METHOD_NOT_SUPPORTED")
                : delivery.at(me, m.id(), peer -> block(me, peer, true, caller.sessionId())));
    table.on(
        ContactsUnblock.class,
        (me, caller, m) ->
            m.myStoriesFrom()
                ? Answer.refusal(400, "METHOD_NOT_SUPPORTED")
                : delivery.at(me, m.id(), peer -> block(me, peer, false, caller.sessionId())));
    table.on(
        ContactsGetBlocked.class,
        (me, _, m) -> Answer.result(delivery.with(me, box -> list(box, m))));
  }

  private Answer<Boolean> block(long me, long peer, boolean blocks, long session) {
    if (me == peer) {
      return Answer.refusal(400, "CONTACT_ID_INVALID");
    }
    return delivery.with(
        me,
        box -> {
          if (blocks == (box.blocked(peer) != null)) {
            return Answer.result(true);
          }
          if (blocks && box.blocked().size() >= Mailbox.BLOCKED_MAX) {
            return Answer.refusal(400, "LIMIT_INVALID");
          }
          Draft draft = delivery.draft(box);
          @Nullable BlockedRow row = blocks ? new BlockedRow(draft.date()) : null;
          draft.blocked(peer, row);
          draft.aside(new UpdatePeerBlocked(blocks, false, new PeerUser(peer)), peer);
          delivery.commitAside(draft, session);
          return Answer.result(true);
        });
  }

  private AnyContactsBlocked list(Mailbox box, ContactsGetBlocked m) {
    List<PeerBlocked> all =
        m.myStoriesFrom()
            ? List.of()
            : box.blocked().entrySet().stream()
                .sorted(
                    Comparator.comparingInt(
                            (Map.Entry<Long, BlockedRow> entry) -> entry.getValue().date())
                        .reversed())
                .map(
                    entry -> new PeerBlocked(new PeerUser(entry.getKey()), entry.getValue().date()))
                .toList();
    List<PeerBlocked> page =
        all.stream()
            .skip(Math.max(0, m.offset()))
            .limit(Math.clamp(m.limit(), 1, PAGE_MAX))
            .toList();
    List<Long> ids = page.stream().map(blocked -> ((PeerUser) blocked.peerId()).userId()).toList();
    var people = delivery.users().views(box, ids);
    return page.size() == all.size()
        ? new ContactsBlocked(page, List.of(), people)
        : new ContactsBlockedSlice(all.size(), page, List.of(), people);
  }
}

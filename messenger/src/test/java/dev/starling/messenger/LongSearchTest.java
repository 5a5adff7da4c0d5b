package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.MemoryStore;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.api.AnyMessagesMessages;
import dev.starling.tl.api.InputMessagesFilterEmpty;
import dev.starling.tl.api.InputPeerEmpty;
import dev.starling.tl.api.InputPeerSelf;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesMessages;
import dev.starling.tl.api.MessagesMessagesSlice;
import dev.starling.tl.api.MessagesSearch;
import dev.starling.tl.api.MessagesSearchGlobal;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.row.BoxRow;
import dev.starling.tl.row.DialogRow2;
import dev.starling.tl.row.MessageRow;
import org.junit.jupiter.api.Test;

/** A search in a box that is too long to be read in one call. */
class LongSearchTest {
  private static final int COUNT = Search.SCAN_MAX + 1_000;
  private static final int DATE = 1_700_000_000;

  private final Device alice = alice();

  /** With so many notes to herself, of which the 500th, the 2000th and the last say "word". */
  private static Device alice() {
    World before = new World(new MemoryStore());
    Device first = before.device("Alice");
    PeerUser me = new PeerUser(first.account);
    Lease lease = before.store.acquire(Rows.account(first.account));
    Batch batch = new Batch();
    for (int id = 1; id <= COUNT; id++) {
      String text = id == 500 || id == 2_000 || id == COUNT ? "word" : "nothing";
      Message note = Message.of(id, me, DATE + id, text).withFromId(me).withSavedPeerId(me);
      byte[] body = Tl.encode(note, Layer.NEWEST);
      batch.put(
          lease,
          Rows.key(Rows.MESSAGE, me.userId(), id),
          Rows.encode(new MessageRow(Layer.NEWEST.number(), 0, body)));
      if (id % 5_000 == 0) {
        before.store.commit(batch);
        batch = new Batch();
      }
    }
    DialogRow2 dialog = DialogRow2.of(me.userId(), COUNT, DATE + COUNT, COUNT, 0, 0, 0);
    batch.put(lease, Rows.key(Rows.DIALOG, me.userId()), Rows.encode(dialog));
    batch.put(lease, Rows.key(Rows.BOX), Rows.encode(new BoxRow(1, COUNT, DATE + COUNT)));
    before.store.commit(batch);
    return new World(before.store).new Device(first);
  }

  /** The id of the only message of a page that may not be all there is. */
  private static int partly(AnyMessagesMessages page) {
    MessagesMessagesSlice slice = (MessagesMessagesSlice) page;
    assertTrue(slice.inexact());
    assertEquals(1, slice.messages().size());
    return ((Message) slice.messages().getFirst()).id();
  }

  private static int last(AnyMessagesMessages page) {
    MessagesMessages whole = (MessagesMessages) page;
    assertEquals(1, whole.messages().size());
    return ((Message) whole.messages().getFirst()).id();
  }

  private AnyMessagesMessages search(int offset) {
    var all = new InputMessagesFilterEmpty();
    return alice.ok(
        MessagesSearch.of(new InputPeerSelf(), "word", all, 0, 0, offset, 0, 1, 0, 0, 0));
  }

  @Test
  void theNextCallGoesOnWhereThePageEnded() {
    assertEquals(COUNT, partly(search(0)));
    assertEquals(2_000, partly(search(COUNT)));
    assertEquals(500, last(search(2_000)));
  }

  private AnyMessagesMessages everywhere(int rate, int offset) {
    var all = new InputMessagesFilterEmpty();
    return alice.ok(
        MessagesSearchGlobal.of("word", all, 0, 0, rate, new InputPeerEmpty(), offset, 1));
  }

  @Test
  void soDoesASearchOverAll() {
    assertEquals(COUNT, partly(everywhere(0, 0)));
    assertEquals(DATE + COUNT, ((MessagesMessagesSlice) everywhere(0, 0)).nextRate());
    assertEquals(2_000, partly(everywhere(DATE + COUNT, COUNT)));
    assertEquals(500, last(everywhere(DATE + 2_000, 2_000)));
  }
}

package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import dev.starling.tl.api.UpdateUser;
import dev.starling.tl.row.AccountRef;
import dev.starling.tl.row.AccountRow;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deleting an account, so that nothing of it is left. One batch takes the profile and what leads to
 * it away and marks the account as going: from then on nobody finds it, and everybody who knew it
 * sees a deleted user. Then its devices are signed out and its partition is emptied page by page;
 * the mark goes last, so that whatever a crash leaves undone is done at the next start.
 *
 * <p>What it said stays in the boxes of those it was said to: that is theirs. Its username is free
 * at once. Its number is not given to anybody again, as those who knew it would write to a
 * stranger: the number's index row stays, an HMAC that names nobody.
 */
public final class Deletion {
  private static final Partition GOING = Partition.of("deletions", 0);

  /** Rows taken away while the box is held; one batch of a few hundred kilobytes at the most. */
  private static final int PAGE_ROWS = 500;

  private final Accounts accounts;
  private final Usernames usernames;
  private final Mailboxes mailboxes;
  private final Devices devices;
  private final Indexes indexes;
  private final Settings settings;
  private final Presence presence;
  private final Limits limits;
  private final Circle circle;
  private final Store store;

  Deletion(
      Accounts accounts,
      Usernames usernames,
      Mailboxes mailboxes,
      Devices devices,
      Indexes indexes,
      Settings settings,
      Presence presence,
      Limits limits,
      Circle circle,
      Store store) {
    this.accounts = accounts;
    this.usernames = usernames;
    this.mailboxes = mailboxes;
    this.devices = devices;
    this.indexes = indexes;
    this.settings = settings;
    this.presence = presence;
    this.limits = limits;
    this.circle = circle;
    this.store = store;
  }

  /** Finishes the deletions that a crash has interrupted. */
  void resume() {
    for (Row row : store.scan(GOING, new byte[0], null, Order.ASCENDING, Store.SCAN_ROWS_MAX)) {
      finish(ByteBuffer.wrap(row.key()).getLong(), 0);
    }
  }

  /** Deletes an account; false when there is none. */
  public boolean delete(long id) {
    return delete(id, 0);
  }

  /**
   * Deletes an account.
   *
   * @param asking the auth key of the device that asks: it is signed out as well, but is to get its
   *     answer first; 0 for none
   */
  boolean delete(long id, long asking) {
    List<Long> around = mark(id);
    if (around == null) {
      return false;
    }
    circle.tell(id, around, _ -> new UpdateUser(id));
    finish(id, asking);
    return true;
  }

  private @Nullable List<Long> mark(long id) {
    return mailboxes.with(
        id,
        box -> {
          AccountRow account = box.ownerless ? null : accounts.byId(id);
          if (account == null) {
            return null;
          }
          for (Limit limit : Limit.values()) {
            limits.clear(limit, Long.toString(id));
            limits.clear(limit, account.phone());
          }
          List<Long> around = circle.of(box);
          Batch batch = new Batch();
          batch.put(indexes.lease(GOING), Rows.key(id), Rows.encode(new AccountRef(id)));
          batch.delete(box.lease, Rows.key(Rows.ACCOUNT));
          usernames.release(account.username(), batch);
          try {
            accounts.erase(account, batch);
          } catch (StoreException e) {
            mailboxes.forget(box); // in doubt: whoever comes next reads what became of it
            throw e;
          }
          box.ownerless = true;
          return around;
        });
  }

  private void finish(long id, long asking) {
    mailboxes.with(
        id,
        box -> {
          for (var device : devices.list(box)) {
            if (device.authKeyId() == asking) {
              devices.signOut(box, asking);
            } else {
              devices.end(box, device.authKeyId());
            }
          }
          return true;
        });
    while (mailboxes.with(id, this::takePage)) {}
    settings.forget(id);
    presence.forget(id);
    mailboxes.with(
        id,
        box -> {
          mailboxes.forget(box);
          return true;
        });
    store.commit(new Batch().delete(indexes.lease(GOING), Rows.key(id)));
  }

  private boolean takePage(Mailbox box) {
    List<Row> page =
        store.scan(box.lease.partition(), new byte[0], null, Order.ASCENDING, PAGE_ROWS);
    Batch batch = new Batch();
    page.forEach(row -> batch.delete(box.lease, row.key()));
    store.commit(batch);
    return !page.isEmpty();
  }
}

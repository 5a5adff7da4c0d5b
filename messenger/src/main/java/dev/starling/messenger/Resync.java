package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.Lease;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.row.AccountRef;
import dev.starling.tl.row.BoxRow;
import java.time.Duration;
import java.util.List;

/**
 * What an older copy of the data needs before clients meet it. They may know a later state than the
 * copy: a higher pts, messages with higher ids. If the service went on where the copy ends, a new
 * message would get the id and the pts of one that they have already, and they would not show it.
 * So every box leaps past all that may have been lost. A client then asks for the difference since
 * a pts within the leap, and is told the state behind it; what it has of the lost time it keeps,
 * and nothing new ever has the same number.
 *
 * <p>Applied to a copy that nobody serves from yet, so that a crash in the middle leaves nothing
 * half done.
 */
public final class Resync {
  /** The least leap: more events than a box has in days. Numbers have room for 2,000 of them. */
  static final int LEAP_MIN = 1_000_000;

  /** Events a second that a box may have had since the copy: a busy robot, day and night. */
  static final int EVENTS_A_SECOND_MAX = 10;

  /** Codes for devices of one account, as {@link LoginCodes} bounds them. */
  private static final int CODES_MAX = 100;

  /** Accounts in one batch, whose rows stay below {@link Batch#WRITES_MAX}. */
  private static final int PAGE = 50;

  private Resync() {}

  /**
   * Makes every box leap, and every sign-in code void: it may have been used since.
   *
   * @param age since the copy was made
   * @return how many boxes there are
   */
  public static int apply(Store store, Duration age) {
    int boxes = 0;
    for (byte[] from = new byte[0]; ; ) {
      List<Row> page = store.scan(Accounts.ALL, from, null, Order.ASCENDING, PAGE);
      Batch batch = new Batch();
      for (Row row : page) {
        leap(store, Rows.decode(AccountRef.class, row.value()).id(), age, batch);
      }
      store.commit(batch);
      boxes += page.size();
      if (page.size() < PAGE) {
        return boxes;
      }
      from = Rows.behind(page.getLast().key());
    }
  }

  private static void leap(Store store, long id, Duration age, Batch batch) {
    Mailbox box = Mailbox.open(id, store);
    Lease lease = box.lease;
    Partition account = lease.partition();
    int pts = behind(box.box().pts(), age);
    batch.put(lease, Rows.key(Rows.BOX), Rows.encode(new BoxRow(pts, pts, box.box().date())));
    for (long peer : box.unsaved()) { // the leap hides the log's end from the next opening
      batch.put(lease, Rows.key(Rows.DIALOG, peer), Rows.encode(box.dialog(peer)));
    }
    batch.delete(lease, Rows.key(Rows.LOGIN_CODE));
    byte[] codes = Rows.key(Rows.APP_CODE);
    for (Row code : store.scan(account, codes, Rows.after(codes), Order.ASCENDING, CODES_MAX)) {
      batch.delete(lease, code.key());
    }
  }

  /** Numbers have 31 bits: a leap takes at most half of what is left, so there is always a next. */
  private static int behind(int number, Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    long leap = LEAP_MIN + seconds * EVENTS_A_SECOND_MAX;
    return number + (int) Math.min(leap, (Integer.MAX_VALUE - number) / 2);
  }
}

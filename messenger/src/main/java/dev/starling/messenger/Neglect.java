package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.api.AccountDaysTTL;
import dev.starling.tl.row.ActiveRow;
import dev.starling.tl.row.AuthorizationRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends what nobody uses any more: devices that were away for longer than their account allows, and
 * accounts that were ("account.setAccountTTL: set account self-destruction period").
 *
 * <p>It walks through all accounts, a page a step, and rests between walks. A clock that leapt a
 * year ahead would make everybody late at once, so that nothing ends before it was found late by
 * {@link #WALKS} walks in a row: a day by the number of steps, which no clock has a say in.
 */
final class Neglect {
  /** An account is deleted after so long, unless it chose otherwise: a year and a half. */
  static final int ACCOUNT_TTL_DAYS = 548;

  static final String ACCOUNT_TTL = "account_ttl";

  /** After so long without a call a device is ended, unless its account chose otherwise. */
  static final int DEVICE_TTL_DAYS = 180;

  static final String DEVICE_TTL = "authorization_ttl";

  /** Walks that must find somebody late, one after another. */
  static final int WALKS = 24;

  /** Steps between the beginnings of two walks; an hour of {@link Messenger#SWEEP_EVERY}. */
  static final int STEPS = 360;

  /** Accounts looked at in one step: a few milliseconds. */
  private static final int PAGE = 100;

  private static final int DAY_SECONDS = 24 * 3600;

  /** Who is late: an account, or a device of it. */
  record Overdue(long account, @Nullable Long authKeyId) {}

  private final Settings settings;
  private final Devices devices;
  private final Deletion deletion;
  private final Mailboxes mailboxes;
  private final Store store;
  private final Env env;

  private Map<Overdue, Integer> before = new HashMap<>();
  private Map<Overdue, Integer> found = new HashMap<>();
  private byte @Nullable [] next = new byte[0];
  private int step;

  Neglect(
      Settings settings,
      Devices devices,
      Deletion deletion,
      Mailboxes mailboxes,
      Store store,
      Env env) {
    this.settings = settings;
    this.devices = devices;
    this.deletion = deletion;
    this.mailboxes = mailboxes;
    this.store = store;
    this.env = env;
  }

  /** Looks at some accounts; to be called every {@link Messenger#SWEEP_EVERY}. */
  synchronized void step() {
    step++;
    byte[] from = next;
    if (from == null) {
      if (step >= STEPS) {
        step = 0;
        next = new byte[0];
        before = found;
        found = new HashMap<>();
      }
      return;
    }
    List<Row> page = store.scan(Accounts.ALL, from, null, Order.ASCENDING, PAGE);
    for (Row row : page) {
      look(ByteBuffer.wrap(row.key()).getLong());
    }
    next = page.size() < PAGE ? null : Rows.behind(page.getLast().key());
  }

  private void look(long account) {
    // A box that nobody is in is read without being opened, unless there is something to do.
    lateDevices(account).forEach(device -> mailboxes.with(account, box -> end(box, device)));
    byte[] key = Rows.key(Rows.ACTIVE);
    ActiveRow active = Rows.decodeIfPresent(ActiveRow.class, store.get(Rows.account(account), key));
    if (active == null) {
      mailboxes.with(account, this::begin);
    } else if (isLate(account, null, active.since(), ACCOUNT_TTL, ACCOUNT_TTL_DAYS)) {
      deletion.delete(account);
    }
  }

  private List<Long> lateDevices(long account) {
    Partition rows = Rows.account(account);
    List<Long> late = new ArrayList<>();
    for (AuthorizationRow device : devices.list(rows)) {
      int active = Math.max(device.created(), devices.state(rows, device).active());
      if (isLate(account, device.authKeyId(), active, DEVICE_TTL, DEVICE_TTL_DAYS)) {
        late.add(device.authKeyId());
      }
    }
    return late;
  }

  /** Unless it came back just now. */
  private boolean end(Mailbox box, long authKeyId) {
    if (lateDevices(box.id).contains(authKeyId)) {
      devices.end(box, authKeyId);
    }
    return true;
  }

  /** Nobody has noted yet when the account was used: its time begins now. */
  private boolean begin(Mailbox box) {
    if (!box.ownerless) {
      byte[] row = Rows.encode(new ActiveRow(env.unixSeconds()));
      store.commit(new Batch().put(box.lease, Rows.key(Rows.ACTIVE), row));
    }
    return true;
  }

  private boolean isLate(
      long account, @Nullable Long device, int active, String setting, int otherwise) {
    AccountDaysTTL chosen = settings.get(account, setting, AccountDaysTTL.class);
    int days = chosen == null ? otherwise : chosen.days();
    if (env.unixSeconds() - active <= days * DAY_SECONDS) {
      return false;
    }
    Overdue overdue = new Overdue(account, device);
    int walks = before.getOrDefault(overdue, 0) + 1;
    found.put(overdue, walks);
    return walks >= WALKS;
  }
}

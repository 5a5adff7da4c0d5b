package dev.starling.messenger;

import dev.starling.messenger.Indexes.Place;
import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import dev.starling.tl.row.AccountRef;
import dev.starling.tl.row.AccountRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who there is: profiles, and the indexes from number and username to account. Index keys are
 * HMACs, so that a seized disk does not list whom the service knows.
 */
@SuppressWarnings("ReferenceEquality") // one row stands for nobody
public final class Accounts {
  /** Accounts listed at once to the operator. */
  public static final int LIST_MAX = 10_000;

  /** Profiles kept in memory, about 300 bytes each. */
  private static final int CACHED_MAX = 100_000;

  /** Numbers of the anonymous range are {@code +888} and eight digits. */
  private static final String NUMBER_PREFIX = "888";

  private static final int NUMBER_DIGITS = NUMBER_PREFIX.length() + 8;

  /** Attempts to draw a free id or number; one suffices until a tenth of the range is taken. */
  private static final int DRAWS_MAX = 64;

  /** What a number leads to that was somebody's once. */
  private static final long NOBODY = 0;

  /** Cached for who is deleted, so that a row read just before is not taken for newer. */
  private static final AccountRow GONE = new AccountRow(false, NOBODY, "", "", "", null, 0);

  private final Store store;
  private final Indexes indexes;
  private final Mailboxes mailboxes;
  private final AccountRow service;
  private final Env env;
  private final ReentrantLock creations = new ReentrantLock();
  private final Map<Long, AccountRow> profiles =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, AccountRow> eldest) {
          return size() > CACHED_MAX;
        }
      };

  Accounts(Store store, Indexes indexes, Mailboxes mailboxes, String serviceName, Env env) {
    this.store = store;
    this.indexes = indexes;
    this.mailboxes = mailboxes;
    this.service = ServiceAccount.row(serviceName);
    this.env = env;
  }

  /** The digits of a number as people write it: "+888 1234-5678" is 88812345678. */
  public static String digits(String number) {
    return number.replaceAll("[^0-9]", "");
  }

  /** Whether a number, in any spelling, is of the range that accounts here have. */
  static boolean isNumber(String number) {
    String digits = digits(number);
    return digits.startsWith(NUMBER_PREFIX) && digits.length() == NUMBER_DIGITS;
  }

  /** The service's own, from which people get their codes. */
  AccountRow service() {
    return service;
  }

  /** A profile by account id; null when there is no such account. */
  public @Nullable AccountRow byId(long id) {
    if (id == ServiceAccount.ID) {
      return service;
    }
    synchronized (profiles) {
      AccountRow known = profiles.get(id);
      if (known != null) {
        return known == GONE ? null : known;
      }
    }
    AccountRow row =
        Rows.decodeIfPresent(AccountRow.class, store.get(Rows.account(id), Rows.key(Rows.ACCOUNT)));
    if (row != null) {
      synchronized (profiles) {
        profiles.putIfAbsent(id, row); // what was committed since the row was read is newer
      }
    }
    return row;
  }

  /** The account that has this number, in any spelling. */
  public @Nullable AccountRow byNumber(String number) {
    return byRef(numberPlace(number));
  }

  /** All accounts in the order of their ids, at most {@link #LIST_MAX}. */
  public List<AccountRow> list() {
    return store.scan(ALL, new byte[0], null, Order.ASCENDING, LIST_MAX).stream()
        .map(row -> byId(Rows.decode(AccountRef.class, row.value()).id()))
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * Creates an account with a number of the anonymous range.
   *
   * @param name the first name; empty when the person is to choose it at the first sign-in
   */
  public AccountRow create(String name) {
    creations.lock();
    try {
      long id = drawId();
      String number = drawNumber();
      AccountRow account =
          new AccountRow(!name.isBlank(), id, number, name.strip(), "", null, env.unixSeconds());
      AccountRef ref = new AccountRef(id);
      return mailboxes.with(
          id,
          box -> {
            Batch batch = new Batch();
            batch.put(box.lease, Rows.key(Rows.ACCOUNT), Rows.encode(account));
            batch.put(indexes.lease(ALL), Rows.key(id), Rows.encode(ref));
            indexes.put(batch, numberPlace(number), ref);
            commit(batch, account);
            box.ownerless = false;
            return account;
          });
    } finally {
      creations.unlock();
    }
  }

  /** Changes a profile; the number and username stay as they are. */
  AccountRow change(long id, UnaryOperator<AccountRow> change) {
    return mailboxes.with(
        id,
        box -> {
          AccountRow changed = change.apply(Objects.requireNonNull(byId(id)));
          Batch batch = new Batch();
          batch.put(box.lease, Rows.key(Rows.ACCOUNT), Rows.encode(changed));
          commit(batch, changed);
          return changed;
        });
  }

  /**
   * Commits {@code batch} joined by what makes an account unknown. The number's row stays and names
   * nobody: see {@link Deletion}.
   */
  void erase(AccountRow account, Batch batch) {
    indexes.put(batch, numberPlace(account.phone()), new AccountRef(NOBODY));
    batch.delete(indexes.lease(ALL), Rows.key(account.id()));
    commit(batch, account.id(), GONE);
  }

  static final Partition ALL = Partition.of("accounts", 0);

  /** The account that an index row names. */
  @Nullable AccountRow byRef(Place place) {
    AccountRef ref = indexes.get(AccountRef.class, place);
    return ref == null || ref.id() == NOBODY ? null : byId(ref.id());
  }

  private Place numberPlace(String number) {
    return indexes.place("numbers", digits(number));
  }

  /**
   * Commits a batch that writes this profile; if the store fails, the next look reads what became
   * of it.
   */
  void commit(Batch batch, AccountRow account) {
    commit(batch, account.id(), account);
  }

  private void commit(Batch batch, long id, AccountRow row) {
    try {
      store.commit(batch);
    } catch (StoreException e) {
      synchronized (profiles) {
        profiles.remove(id);
      }
      throw e;
    }
    synchronized (profiles) {
      profiles.put(id, row);
    }
  }

  /**
   * Ids are drawn, not counted: an id does not tell how many accounts there are, nor when this one
   * came.
   */
  private long drawId() {
    for (int i = 0; i < DRAWS_MAX; i++) {
      long id = env.random().nextLong(1L << 30, 1L << 37);
      if (byId(id) == null) {
        return id;
      }
    }
    throw new IllegalStateException("no free account id found");
  }

  private String drawNumber() {
    for (int i = 0; i < DRAWS_MAX; i++) {
      String number = NUMBER_PREFIX + env.random().nextInt(10_000_000, 100_000_000);
      if (indexes.get(AccountRef.class, numberPlace(number)) == null) {
        return number;
      }
    }
    throw new IllegalStateException("no free number found: the anonymous range is nearly full");
  }
}

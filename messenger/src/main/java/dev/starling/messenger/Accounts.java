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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who there is: profiles, and the indexes from number and username to account. Index keys are
 * HMACs, so that a seized disk does not list whom the service knows.
 */
public final class Accounts {
  /** Accounts listed at once to the operator. */
  public static final int LIST_MAX = 10_000;

  /** Profiles kept in memory, about 300 bytes each. */
  private static final int CACHED_MAX = 100_000;

  /** Numbers of the anonymous range are {@code +888} and eight digits. */
  private static final String NUMBER_PREFIX = "888";

  /** Attempts to draw a free id or number; one suffices until a tenth of the range is taken. */
  private static final int DRAWS_MAX = 64;

  /**
   * "5 to 32 characters: a-z, 0-9 and underscores", beginning with a letter
   * (core.telegram.org/method/account.updateUsername).
   */
  private static final Pattern USERNAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{3,30}[A-Za-z0-9]");

  private final Store store;
  private final Indexes indexes;
  private final Mailboxes mailboxes;
  private final Env env;
  private final ReentrantLock claims = new ReentrantLock();
  private final Map<Long, AccountRow> profiles =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, AccountRow> eldest) {
          return size() > CACHED_MAX;
        }
      };

  Accounts(Store store, Indexes indexes, Mailboxes mailboxes, Env env) {
    this.store = store;
    this.indexes = indexes;
    this.mailboxes = mailboxes;
    this.env = env;
  }

  /** The digits of a number as people write it: "+888 1234-5678" is 88812345678. */
  public static String digits(String number) {
    return number.replaceAll("[^0-9]", "");
  }

  /** A profile by account id; null when there is no such account. */
  public @Nullable AccountRow byId(long id) {
    if (id == ServiceAccount.ID) {
      return ServiceAccount.ROW;
    }
    synchronized (profiles) {
      AccountRow known = profiles.get(id);
      if (known != null) {
        return known;
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
    return byIndex(numberPlace(number));
  }

  /** The account that has this username, with or without the at sign, in any case. */
  public @Nullable AccountRow byUsername(String username) {
    return byIndex(usernamePlace(username));
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
    claims.lock();
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
      claims.unlock();
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

  /** What became of asking for a username. */
  enum UsernameClaim {
    TAKEN_OVER,
    UNCHANGED,
    INVALID,
    OCCUPIED
  }

  /** Whether {@code username} could be had by {@code id}. */
  UsernameClaim check(long id, String username) {
    if (!USERNAME.matcher(username).matches()) {
      return UsernameClaim.INVALID;
    }
    AccountRow holder = byUsername(username);
    return holder == null || holder.id() == id ? UsernameClaim.TAKEN_OVER : UsernameClaim.OCCUPIED;
  }

  /**
   * Gives {@code username} to {@code id} and its former one back; an empty one is only given back.
   */
  UsernameClaim claim(long id, String username) {
    claims.lock();
    try {
      if (!username.isEmpty() && check(id, username) != UsernameClaim.TAKEN_OVER) {
        return check(id, username);
      }
      return mailboxes.with(
          id,
          box -> {
            AccountRow account = Objects.requireNonNull(byId(id));
            String former = account.username() == null ? "" : account.username();
            if (former.equals(username)) {
              return UsernameClaim.UNCHANGED;
            }
            AccountRow changed = account.withUsername(username.isEmpty() ? null : username);
            Batch batch = new Batch().put(box.lease, Rows.key(Rows.ACCOUNT), Rows.encode(changed));
            if (!former.isEmpty()) {
              indexes.delete(batch, usernamePlace(former));
            }
            if (!username.isEmpty()) {
              indexes.put(batch, usernamePlace(username), new AccountRef(id));
            }
            commit(batch, changed);
            return UsernameClaim.TAKEN_OVER;
          });
    } finally {
      claims.unlock();
    }
  }

  static final Partition ALL = Partition.of("accounts", 0);

  private @Nullable AccountRow byIndex(Place place) {
    AccountRef ref = indexes.get(AccountRef.class, place);
    return ref == null ? null : byId(ref.id());
  }

  private Place numberPlace(String number) {
    return indexes.place("numbers", digits(number));
  }

  private Place usernamePlace(String username) {
    return indexes.place("usernames", canonical(username));
  }

  /**
   * Commits a batch that writes this profile; if the store fails, the next look reads what became
   * of it.
   */
  private void commit(Batch batch, AccountRow account) {
    try {
      store.commit(batch);
    } catch (StoreException e) {
      synchronized (profiles) {
        profiles.remove(account.id());
      }
      throw e;
    }
    synchronized (profiles) {
      profiles.put(account.id(), account);
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
      if (byNumber(number) == null) {
        return number;
      }
    }
    throw new IllegalStateException("no free number found: the anonymous range is nearly full");
  }

  private static String canonical(String username) {
    String bare = username.startsWith("@") ? username.substring(1) : username;
    return bare.toLowerCase(Locale.ROOT);
  }
}

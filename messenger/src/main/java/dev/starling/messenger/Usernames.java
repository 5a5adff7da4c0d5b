package dev.starling.messenger;

import dev.starling.messenger.Indexes.Place;
import dev.starling.store.Batch;
import dev.starling.tl.row.AccountRef;
import dev.starling.tl.row.AccountRow;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Usernames: what one may be, and who has it. */
final class Usernames {
  /**
   * "5 to 32 characters: a-z, 0-9 and underscores"
   * (core.telegram.org/method/account.updateUsername); as clients check it before they ask: a
   * letter first, no underscore last nor two together.
   */
  private static final Pattern RULE =
      Pattern.compile("(?!.*__)[A-Za-z][A-Za-z0-9_]{3,30}[A-Za-z0-9]");

  /** Names that people would take for the service itself, or that clients' links mean otherwise. */
  private static final Set<String> RESERVED =
      Set.of(
          "starling",
          "admin",
          "administrator",
          "support",
          "service",
          "security",
          "telegram",
          "operator",
          "login",
          "contact",
          "joinchat",
          "addstickers",
          "addemoji",
          "addtheme",
          "setlanguage",
          "proxy",
          "socks",
          "share",
          "confirmphone",
          "invoice",
          "giftcode");

  private final Accounts accounts;
  private final Indexes indexes;
  private final Mailboxes mailboxes;

  /** Two who claim one username at once: the second finds it taken. */
  private final ReentrantLock claims = new ReentrantLock();

  Usernames(Accounts accounts, Indexes indexes, Mailboxes mailboxes) {
    this.accounts = accounts;
    this.indexes = indexes;
    this.mailboxes = mailboxes;
  }

  /** What became of asking for a username. */
  enum Claim {
    DONE,
    UNCHANGED,
    INVALID,
    OCCUPIED
  }

  /** The account that has this username, with or without the at sign, in any case. */
  @Nullable AccountRow holder(String username) {
    return accounts.byRef(place(username));
  }

  /** Whether {@code username} could be had by {@code id}. */
  Claim check(long id, String username) {
    if (!RULE.matcher(username).matches()) {
      return Claim.INVALID;
    }
    AccountRow holder = holder(username);
    boolean free = holder == null && !RESERVED.contains(canonical(username));
    return free || (holder != null && holder.id() == id) ? Claim.DONE : Claim.OCCUPIED;
  }

  /**
   * Gives {@code username} to {@code id} and its former one back; an empty one is only given back.
   * Profile and index change in one batch.
   */
  Claim claim(long id, String username) {
    claims.lock();
    try {
      if (!username.isEmpty() && check(id, username) != Claim.DONE) {
        return check(id, username);
      }
      return mailboxes.with(
          id,
          box -> {
            AccountRow account = Objects.requireNonNull(accounts.byId(id));
            String former = account.username() == null ? "" : account.username();
            if (former.equals(username)) {
              return Claim.UNCHANGED;
            }
            AccountRow changed = account.withUsername(username.isEmpty() ? null : username);
            Batch batch = new Batch().put(box.lease, Rows.key(Rows.ACCOUNT), Rows.encode(changed));
            release(former, batch);
            if (!username.isEmpty()) {
              indexes.put(batch, place(username), new AccountRef(id));
            }
            accounts.commit(batch, changed);
            return Claim.DONE;
          });
    } finally {
      claims.unlock();
    }
  }

  /** {@code batch} makes a username free for anybody. */
  void release(@Nullable String username, Batch batch) {
    if (username != null && !username.isEmpty()) {
      indexes.delete(batch, place(username));
    }
  }

  private Place place(String username) {
    return indexes.place("usernames", canonical(username));
  }

  private static String canonical(String username) {
    String bare = username.startsWith("@") ? username.substring(1) : username;
    return bare.toLowerCase(Locale.ROOT);
  }
}

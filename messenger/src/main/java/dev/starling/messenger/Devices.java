package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.KeyRing;
import dev.starling.store.Order;
import dev.starling.store.Partition;
import dev.starling.store.Store;
import dev.starling.store.StoreException;
import dev.starling.tl.row.ActiveRow;
import dev.starling.tl.row.AuthorizationRow;
import dev.starling.tl.row.DeviceRow;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The devices that are signed in to an account. Where they connect from is known to nobody. */
final class Devices {
  /**
   * Devices of one account: as many as anybody has, and a list of them is one answer; one more ends
   * the one that has been away for the longest.
   */
  static final int DEVICES_MAX = 100;

  /** How coarsely it is known when a device was active: no call-by-call diary of a person. */
  private static final int ACTIVE_GRAIN_SECONDS = 3600;

  /** How coarsely it is known when an account was. */
  private static final int ACTIVE_DAY_SECONDS = 24 * 3600;

  /** Devices whose last activity is remembered in memory; one forgotten costs a write. */
  private static final int TOUCHED_MAX = 100_000;

  private final Store store;
  private final KeyRing ring;
  private final Mailboxes mailboxes;
  private final AuthKeys authKeys;
  private final Sessions sessions;
  private final Env env;
  private final Map<Long, Integer> touched = new ConcurrentHashMap<>();

  Devices(
      Store store,
      KeyRing ring,
      Mailboxes mailboxes,
      AuthKeys authKeys,
      Sessions sessions,
      Env env) {
    this.store = store;
    this.ring = ring;
    this.mailboxes = mailboxes;
    this.authKeys = authKeys;
    this.sessions = sessions;
    this.env = env;
  }

  /** Signs the caller's auth key in, together with {@code batch}. */
  void add(Caller caller, Mailbox box, Batch batch) {
    ClientInfo client = caller.client();
    AuthorizationRow row =
        new AuthorizationRow(
            caller.authKeyId(),
            client.apiId(),
            client.deviceModel(),
            client.systemVersion(),
            client.appVersion(),
            env.unixSeconds());
    List<AuthorizationRow> known = list(box);
    if (known.size() >= DEVICES_MAX) {
      end(box, longestAway(box, known));
    }
    batch.put(box.lease, Rows.key(Rows.AUTHORIZATION, caller.authKeyId()), Rows.encode(row));
    authKeys.bind(caller.authKeyId(), box.id, active(box, batch, env.unixSeconds()));
  }

  /** Adds that somebody uses the account; devices come and go, and this stays. */
  private static Batch active(Mailbox box, Batch batch, int now) {
    int day = now - now % ACTIVE_DAY_SECONDS;
    return batch.put(box.lease, Rows.key(Rows.ACTIVE), Rows.encode(new ActiveRow(day)));
  }

  /** As {@link #add}, unless the auth key speaks for somebody already, or is no more. */
  boolean addIfFree(Caller caller, Mailbox box, Batch batch) {
    var known = authKeys.find(caller.authKeyId());
    if (known == null || known.accountId() != 0) {
      return false;
    }
    add(caller, box, batch);
    return true;
  }

  List<AuthorizationRow> list(Mailbox box) {
    return list(box.lease.partition());
  }

  /** As {@link #list(Mailbox)}, when the box is not held: a moment's view. */
  List<AuthorizationRow> list(Partition account) {
    byte[] from = Rows.key(Rows.AUTHORIZATION);
    return store.scan(account, from, Rows.after(from), Order.ASCENDING, DEVICES_MAX + 1).stream()
        .map(row -> Rows.decode(AuthorizationRow.class, row.value()))
        .toList();
  }

  /** What is known of a device besides how it introduced itself. */
  DeviceRow state(Mailbox box, AuthorizationRow device) {
    return state(box.lease.partition(), device);
  }

  /** As {@link #state(Mailbox, AuthorizationRow)}, when the box is not held: a moment's view. */
  DeviceRow state(Partition account, AuthorizationRow device) {
    DeviceRow row =
        Rows.decodeIfPresent(
            DeviceRow.class, store.get(account, Rows.key(Rows.DEVICE, device.authKeyId())));
    return row != null ? row : new DeviceRow(false, false, device.created());
  }

  void change(Mailbox box, AuthorizationRow device, UnaryOperator<DeviceRow> change) {
    store.commit(changed(box, device, change));
  }

  private Batch changed(Mailbox box, AuthorizationRow device, UnaryOperator<DeviceRow> change) {
    DeviceRow changed = change.apply(state(box, device));
    byte[] key = Rows.key(Rows.DEVICE, device.authKeyId());
    return new Batch().put(box.lease, key, Rows.encode(changed));
  }

  /**
   * What clients call a device: never 0, which stands for the asking one, and no auth key id, which
   * a censor could look for.
   */
  long hash(Mailbox box, long authKeyId) {
    byte[] pair = ByteBuffer.allocate(16).putLong(box.id).putLong(authKeyId).array();
    return ByteBuffer.wrap(ring.index("authorization_hash", pair)).getLong() | 1;
  }

  /** Signs a device out, drops its connections; what the account owns stays. */
  void end(Mailbox box, long authKeyId) {
    signOut(box, authKeyId);
    sessions.end(authKeyId);
  }

  /** Signs a device out; its connections stay, as the answer to its asking goes by one. */
  void signOut(Mailbox box, long authKeyId) {
    Batch batch = gone(box, authKeyId);
    if (authKeys.find(authKeyId) == null) {
      store.commit(batch); // the client has destroyed the key itself
    } else {
      authKeys.unbind(authKeyId, batch);
    }
    sessions.drop(authKeyId);
  }

  /** Signs a device out whose key is thrown away. */
  void destroyKey(Mailbox box, long authKeyId) {
    authKeys.destroy(authKeyId, gone(box, authKeyId));
    sessions.drop(authKeyId);
  }

  /** Throws away the temporary keys that speak for a device's key, but for those to be kept. */
  void dropTemporaryKeys(long authKeyId, Set<Long> kept) {
    authKeys.dropTemporary(authKeyId, kept);
  }

  /** Throws a key away by which nobody is signed in. */
  void destroyKey(long authKeyId) {
    authKeys.destroy(authKeyId, new Batch());
  }

  private static Batch gone(Mailbox box, long authKeyId) {
    return new Batch()
        .delete(box.lease, Rows.key(Rows.AUTHORIZATION, authKeyId))
        .delete(box.lease, Rows.key(Rows.DEVICE, authKeyId))
        .delete(box.lease, Rows.key(Rows.PUSH, authKeyId));
  }

  /** The caller's device is active, whatever it asks; written down once an hour. */
  void touch(Caller caller) {
    int now = env.unixSeconds();
    Integer last = touched.get(caller.authKeyId());
    if (last != null && now - last < ACTIVE_GRAIN_SECONDS) {
      return;
    }
    if (touched.size() >= TOUCHED_MAX) {
      touched.clear();
    }
    touched.put(caller.authKeyId(), now);
    try {
      mailboxes.with(caller.accountId(), box -> touch(box, caller.authKeyId(), now));
    } catch (StoreException _) {
      // A full disk must not keep anybody from reading; the next hour writes it.
    }
  }

  private boolean touch(Mailbox box, long authKeyId, int now) {
    byte[] key = Rows.key(Rows.AUTHORIZATION, authKeyId);
    AuthorizationRow row =
        Rows.decodeIfPresent(AuthorizationRow.class, store.get(box.lease.partition(), key));
    if (row != null) {
      store.commit(active(box, changed(box, row, state -> state.withActive(now)), now));
    }
    return row != null;
  }

  private long longestAway(Mailbox box, List<AuthorizationRow> known) {
    return known.stream()
        .min(Comparator.comparingInt(device -> state(box, device).active()))
        .orElseThrow()
        .authKeyId();
  }
}

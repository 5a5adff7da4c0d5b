package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.KeyRing;
import dev.starling.store.Order;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.row.LoginCodeRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * The one-time codes of an account. There is at most one that a person was handed (by the operator,
 * or by who invited them), good on any device; and one for each device that asked, told by message
 * to the devices that are signed in, good on the asking one only, so that who asks often voids
 * nobody's code and a code that is read aloud opens no other door.
 */
final class LoginCodes {
  /** How long a code waits that its person must be handed. */
  static final Duration HANDED_LIFE = Duration.ofHours(24);

  /** How long a code waits that stands in a message already. */
  static final Duration SENT_LIFE = Duration.ofMinutes(10);

  /**
   * Guesses before a code is spent: five of 100,000 leave a guesser one chance in 20,000 a code.
   */
  static final int ATTEMPTS_MAX = 5;

  private final Store store;
  private final KeyRing ring;
  private final Env env;

  LoginCodes(Store store, KeyRing ring, Env env) {
    this.store = store;
    this.ring = ring;
    this.env = env;
  }

  /** Makes the code that the account's person is handed; an older one is void. */
  String hand(Mailbox box) {
    return make(box, Rows.key(Rows.LOGIN_CODE), 0, HANDED_LIFE);
  }

  /** Makes the code for the device of {@code authKey}; its older one is void. */
  String forDevice(Mailbox box, long authKey) {
    return make(box, Rows.key(Rows.APP_CODE, authKey), authKey, SENT_LIFE);
  }

  private String make(Mailbox box, byte[] key, long authKey, Duration life) {
    String code = "%05d".formatted(env.random().nextInt(100_000));
    LoginCodeRow row =
        new LoginCodeRow(
            hash(box.id, authKey, code), env.unixSeconds() + (int) life.toSeconds(), ATTEMPTS_MAX);
    Batch batch = new Batch();
    forgetExpired(box, batch);
    store.commit(batch.put(box.lease, key, Rows.encode(row)));
    return code;
  }

  /** {@link Limit#CODE_OF_NUMBER} lets so few codes be made that one page holds them all. */
  private void forgetExpired(Mailbox box, Batch batch) {
    byte[] from = Rows.key(Rows.APP_CODE);
    var rows = store.scan(box.lease.partition(), from, Rows.after(from), Order.ASCENDING, 100);
    for (Row row : rows) {
      if (Rows.decode(LoginCodeRow.class, row.value()).expires() < env.unixSeconds()) {
        batch.delete(box.lease, row.key());
      }
    }
  }

  /** The code of {@code authKey}'s device is good no more. */
  void cancel(Mailbox box, long authKey) {
    store.commit(new Batch().delete(box.lease, Rows.key(Rows.APP_CODE, authKey)));
  }

  /**
   * Whether {@code code} signs the device of {@code authKey} in. A right one is spent by {@code
   * batch}, a wrong one is counted at once.
   */
  boolean matches(Mailbox box, long authKey, String code, Batch batch) {
    return matches(box, Rows.key(Rows.APP_CODE, authKey), authKey, code, batch)
        || matches(box, Rows.key(Rows.LOGIN_CODE), 0, code, batch);
  }

  private boolean matches(Mailbox box, byte[] key, long authKey, String code, Batch batch) {
    LoginCodeRow row =
        Rows.decodeIfPresent(LoginCodeRow.class, store.get(box.lease.partition(), key));
    if (row == null || row.attemptsLeft() <= 0 || row.expires() < env.unixSeconds()) {
      return false;
    }
    if (MessageDigest.isEqual(row.hash(), hash(box.id, authKey, code))) {
      batch.delete(box.lease, key);
      return true;
    }
    LoginCodeRow tried = row.withAttemptsLeft(row.attemptsLeft() - 1);
    store.commit(new Batch().put(box.lease, key, Rows.encode(tried)));
    return false;
  }

  private byte[] hash(long account, long authKey, String code) {
    byte[] digits = code.getBytes(StandardCharsets.UTF_8);
    return ring.index(
        "login_code",
        ByteBuffer.allocate(16 + digits.length)
            .putLong(account)
            .putLong(authKey)
            .put(digits)
            .array());
  }
}

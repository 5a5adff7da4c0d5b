package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.store.KeyRing;
import dev.starling.store.Store;
import dev.starling.tl.row.AccountRow;
import dev.starling.tl.row.AuthorizationRow;
import dev.starling.tl.row.LoginCodeRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Sign-in without SMS: the operator hands a number and a one-time code to the person. A number that
 * nobody has and a wrong, spent or expired code look the same from outside, so nobody can list who
 * has an account here.
 */
public final class Login {
  /** Digits of a code; clients draw this many boxes. */
  static final int CODE_LENGTH = 5;

  /** How long a code waits for its person. */
  public static final Duration CODE_LIFE = Duration.ofHours(24);

  /**
   * Guesses before a code is spent: five of 100,000 leave a guesser one chance in 20,000 a code.
   */
  static final int ATTEMPTS_MAX = 5;

  private final Store store;
  private final KeyRing ring;
  private final Mailboxes mailboxes;
  private final AuthKeys authKeys;
  private final Env env;

  Login(Store store, KeyRing ring, Mailboxes mailboxes, AuthKeys authKeys, Env env) {
    this.store = store;
    this.ring = ring;
    this.mailboxes = mailboxes;
    this.authKeys = authKeys;
    this.env = env;
  }

  /** Makes a fresh one-time code for {@code account}; an older one is void. */
  public String newCode(long account) {
    String code = "%05d".formatted(env.random().nextInt(100_000));
    LoginCodeRow row =
        new LoginCodeRow(
            hash(account, code), env.unixSeconds() + (int) CODE_LIFE.toSeconds(), ATTEMPTS_MAX);
    return mailboxes.with(
        account,
        box -> {
          store.commit(new Batch().put(box.lease, Rows.key(Rows.LOGIN_CODE), Rows.encode(row)));
          return code;
        });
  }

  /**
   * What a client brings back as {@code phone_code_hash}: bound to the number and to its own auth
   * key.
   */
  String codeHash(Caller caller, String digits) {
    byte[] bound = (caller.authKeyId() + ":" + digits).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(ring.index("phone_code_hash", bound), 0, 10);
  }

  /** What became of a sign-in. */
  enum Outcome {
    SIGNED_IN,
    CODE_INVALID,
    /** The auth key speaks for another account, which must be signed out first. */
    KEY_IN_USE,
    /** The code was right; the account has no name yet, so the client must sign up. */
    NAME_REQUIRED
  }

  /**
   * Checks {@code code} and, when it is right and the account has a name, signs the caller's auth
   * key in.
   */
  Outcome signIn(Caller caller, AccountRow account, String code) {
    return mailboxes.with(account.id(), box -> signIn(caller, account, code, box));
  }

  private Outcome signIn(Caller caller, AccountRow account, String code, Mailbox box) {
    if (caller.accountId() == account.id()) {
      return Outcome.SIGNED_IN; // the answer to the first call was lost on its way
    }
    if (caller.signedIn()) {
      return Outcome.KEY_IN_USE;
    }
    byte[] key = Rows.key(Rows.LOGIN_CODE);
    LoginCodeRow row =
        Rows.decodeIfPresent(LoginCodeRow.class, store.get(box.lease.partition(), key));
    if (row == null || row.attemptsLeft() <= 0 || row.expires() < env.unixSeconds()) {
      return Outcome.CODE_INVALID;
    }
    if (!MessageDigest.isEqual(row.hash(), hash(account.id(), code))) {
      LoginCodeRow spent = row.withAttemptsLeft(row.attemptsLeft() - 1);
      store.commit(new Batch().put(box.lease, key, Rows.encode(spent)));
      return Outcome.CODE_INVALID;
    }
    if (!account.registered()) {
      return Outcome.NAME_REQUIRED;
    }
    Batch batch = new Batch().delete(box.lease, key);
    batch.put(
        box.lease,
        Rows.key(Rows.AUTHORIZATION, caller.authKeyId()),
        Rows.encode(authorization(caller)));
    authKeys.bind(caller.authKeyId(), account.id(), batch);
    return Outcome.SIGNED_IN;
  }

  /** Signs the caller's auth key out; what the account owns stays. */
  void signOut(Caller caller) {
    mailboxes.with(
        caller.accountId(),
        box -> {
          Batch batch =
              new Batch().delete(box.lease, Rows.key(Rows.AUTHORIZATION, caller.authKeyId()));
          authKeys.unbind(caller.authKeyId(), batch);
          return batch;
        });
  }

  private AuthorizationRow authorization(Caller caller) {
    ClientInfo client = caller.client();
    return new AuthorizationRow(
        caller.authKeyId(),
        client.apiId(),
        client.deviceModel(),
        client.systemVersion(),
        client.appVersion(),
        env.unixSeconds());
  }

  private byte[] hash(long account, String code) {
    byte[] digits = code.getBytes(StandardCharsets.UTF_8);
    return ring.index(
        "login_code", ByteBuffer.allocate(8 + digits.length).putLong(account).put(digits).array());
  }
}

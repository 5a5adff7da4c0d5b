package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.KeyRing;
import dev.starling.tl.row.AccountRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Sign-in without SMS: a first device is signed in by a one-time code that the person was handed,
 * further ones by a code that stands in a message to those that are signed in already. A number
 * that nobody has and a wrong, spent or expired code look the same from outside, so nobody can list
 * who has an account here; limits count numbers that nobody has too.
 */
public final class Login {
  /** Digits of a code; clients draw this many boxes. */
  static final int CODE_LENGTH = 5;

  /** How long a code waits for its person. */
  public static final Duration CODE_LIFE = LoginCodes.HANDED_LIFE;

  private final KeyRing ring;
  private final Mailboxes mailboxes;
  private final Devices devices;
  private final LoginCodes codes;
  private final Limits limits;

  Login(KeyRing ring, Mailboxes mailboxes, Devices devices, LoginCodes codes, Limits limits) {
    this.ring = ring;
    this.mailboxes = mailboxes;
    this.devices = devices;
    this.codes = codes;
    this.limits = limits;
  }

  /** Makes a fresh one-time code for {@code account}; an older one is void. */
  public String newCode(long account) {
    return mailboxes.with(account, codes::hand);
  }

  /** Counts a caller's asking for a code of this number; answers 0 or the seconds to wait. */
  int mayAsk(Caller caller, String digits) {
    int wait = limits.spend(Limit.CODE_BY_KEY, caller.authKeyId());
    return wait > 0 ? wait : limits.spend(Limit.CODE_OF_NUMBER, digits);
  }

  /** Counts a caller's trying a code of this number; answers 0 or the seconds to wait. */
  int mayTry(Caller caller, String digits) {
    int wait = limits.spend(Limit.GUESS_BY_KEY, caller.authKeyId());
    return wait > 0 ? wait : limits.spend(Limit.GUESS_OF_NUMBER, digits);
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
    /** Signed in long since: the answer to the first call was lost on its way. */
    AGAIN,
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
    Outcome outcome = mailboxes.with(account.id(), box -> signIn(caller, account, code, box));
    if (outcome == Outcome.SIGNED_IN || outcome == Outcome.NAME_REQUIRED) {
      // By key it stays counted: who has an account of his own could guess at others for ever.
      limits.clear(Limit.GUESS_OF_NUMBER, account.phone());
    }
    return outcome;
  }

  private Outcome signIn(Caller caller, AccountRow account, String code, Mailbox box) {
    if (caller.accountId() == account.id()) {
      return Outcome.AGAIN;
    }
    if (caller.signedIn()) {
      return Outcome.KEY_IN_USE;
    }
    Batch batch = new Batch();
    if (box.ownerless || !codes.matches(box, caller.authKeyId(), code, batch)) {
      return Outcome.CODE_INVALID;
    }
    if (!account.registered()) {
      return Outcome.NAME_REQUIRED;
    }
    devices.add(caller, box, batch);
    return Outcome.SIGNED_IN;
  }

  /** The code for the caller's device, if the account has a device that can be told it. */
  String codeForFurtherDevice(Caller caller, long account) {
    return mailboxes.with(
        account,
        box -> devices.list(box).isEmpty() ? "" : codes.forDevice(box, caller.authKeyId()));
  }

  /** The caller's device does not want its code any more. */
  void cancelCode(Caller caller, long account) {
    mailboxes.with(
        account,
        box -> {
          codes.cancel(box, caller.authKeyId());
          return true;
        });
  }

  /** Signs the caller's auth key out; what the account owns stays. */
  void signOut(Caller caller) {
    mailboxes.with(
        caller.accountId(),
        box -> {
          devices.signOut(box, caller.authKeyId());
          return true;
        });
  }

  /** Throws the caller's permanent key away, its authorization with it. */
  void destroyKey(Caller caller) {
    if (caller.signedIn()) {
      mailboxes.with(
          caller.accountId(),
          box -> {
            devices.destroyKey(box, caller.authKeyId());
            return true;
          });
    } else {
      devices.destroyKey(caller.authKeyId());
    }
  }
}

package dev.starling.messenger;

import static java.util.Objects.requireNonNullElse;

import dev.starling.mtproto.Dh;
import dev.starling.mtproto.Env;
import dev.starling.tl.api.AccountGetPassword;
import dev.starling.tl.api.AccountPassword;
import dev.starling.tl.api.AnyAuthAuthorization;
import dev.starling.tl.api.AnyAuthSentCode;
import dev.starling.tl.api.AuthAuthorization;
import dev.starling.tl.api.AuthAuthorizationSignUpRequired;
import dev.starling.tl.api.AuthCancelCode;
import dev.starling.tl.api.AuthLogOut;
import dev.starling.tl.api.AuthLoggedOut;
import dev.starling.tl.api.AuthResendCode;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSentCodeTypeApp;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.AuthSignUp;
import dev.starling.tl.api.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow;
import dev.starling.tl.api.SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000;
import dev.starling.tl.mt.AnyDestroyAuthKeyRes;
import dev.starling.tl.mt.DestroyAuthKey;
import dev.starling.tl.mt.DestroyAuthKeyNone;
import dev.starling.tl.mt.DestroyAuthKeyOk;
import dev.starling.tl.row.AccountRow;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sign-in, sign-up and sign-out. */
final class LoginMethods {
  /** Sign-ups that wait for a name; one more forgets the oldest, whose client then begins again. */
  private static final int SIGN_UPS_MAX = 10_000;

  /** E.164 numbers have at most 15 digits; the shortest in use have 5. */
  private static final int NUMBER_DIGITS_MIN = 5;

  private static final int NUMBER_DIGITS_MAX = 15;

  /** UTF-16 units of a first or last name, as Telegram's own server takes them. */
  static final int NAME_LENGTH_MAX = 64;

  private final Login login;
  private final Accounts accounts;
  private final Users users;
  private final Mailboxes mailboxes;
  private final Notices notices;
  private final Env env;

  /** Auth keys that gave the right code of an account that has no name yet, and that code. */
  private final Map<Long, String> signUps =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > SIGN_UPS_MAX;
        }
      };

  LoginMethods(
      Login login, Accounts accounts, Users users, Mailboxes mailboxes, Notices notices, Env env) {
    this.login = login;
    this.accounts = accounts;
    this.users = users;
    this.mailboxes = mailboxes;
    this.notices = notices;
    this.env = env;
  }

  void register(MethodTable table) {
    table.open(AuthSendCode.class, (caller, m) -> sendCode(caller, m.phoneNumber()));
    table.open(AuthResendCode.class, this::resendCode);
    table.open(AuthCancelCode.class, this::cancelCode);
    table.open(AuthSignIn.class, this::signIn);
    table.open(AuthSignUp.class, this::signUp);
    table.on(AuthLogOut.class, (_, caller, _) -> logOut(caller));
    table.open(DestroyAuthKey.class, (caller, _) -> Answer.result(destroyKey(caller)));
    table.on(AccountGetPassword.class, (_, _, _) -> Answer.result(noPassword()));
  }

  /**
   * Every well-formed number is answered alike. A first device's code was handed over already; a
   * further one's is told to the devices that are signed in.
   */
  private Answer<AnyAuthSentCode> sendCode(Caller caller, String number) {
    String digits = Accounts.digits(number);
    if (digits.length() < NUMBER_DIGITS_MIN || digits.length() > NUMBER_DIGITS_MAX) {
      return Answer.refusal(400, "PHONE_NUMBER_INVALID");
    }
    int wait = login.mayAsk(caller, digits);
    if (wait > 0) {
      return Limits.floodWait(wait);
    }
    AccountRow account = accounts.byNumber(digits);
    if (account != null) {
      String code = login.codeForFurtherDevice(caller, account.id());
      if (!code.isEmpty()) {
        notices.loginCode(account.id(), code);
      }
    }
    return Answer.result(
        AuthSentCode.of(
            new AuthSentCodeTypeApp(Login.CODE_LENGTH), login.codeHash(caller, digits)));
  }

  private Answer<AnyAuthSentCode> resendCode(Caller caller, AuthResendCode m) {
    Answer<AnyAuthSentCode> refusal = refusal(caller, m.phoneNumber(), m.phoneCodeHash());
    return refusal != null ? refusal : sendCode(caller, m.phoneNumber());
  }

  private Answer<Boolean> cancelCode(Caller caller, AuthCancelCode m) {
    Answer<Boolean> refusal = refusal(caller, m.phoneNumber(), m.phoneCodeHash());
    if (refusal != null) {
      return refusal;
    }
    AccountRow account = accounts.byNumber(m.phoneNumber());
    if (account != null) {
      login.cancelCode(caller, account.id());
    }
    return Answer.result(true);
  }

  /** Why a call does not speak of a code that this caller asked for; null if it does. */
  private <R> @Nullable Answer<R> refusal(Caller caller, String number, String hash) {
    if (number.isEmpty()) {
      return Answer.refusal(400, "PHONE_NUMBER_INVALID");
    }
    if (hash.isEmpty()) {
      return Answer.refusal(400, "PHONE_CODE_HASH_EMPTY");
    }
    return hash.equals(login.codeHash(caller, Accounts.digits(number)))
        ? null
        : Answer.refusal(400, "PHONE_CODE_EXPIRED");
  }

  private Answer<AnyAuthAuthorization> signIn(Caller caller, AuthSignIn m) {
    String code = requireNonNullElse(m.phoneCode(), "");
    if (code.isEmpty()) {
      return Answer.refusal(400, "PHONE_CODE_EMPTY");
    }
    Answer<AnyAuthAuthorization> refusal = refusal(caller, m.phoneNumber(), m.phoneCodeHash());
    if (refusal != null) {
      return refusal;
    }
    int wait = login.mayTry(caller, Accounts.digits(m.phoneNumber()));
    if (wait > 0) {
      return Limits.floodWait(wait);
    }
    AccountRow account = accounts.byNumber(m.phoneNumber());
    if (account == null) {
      return Answer.refusal(400, "PHONE_CODE_INVALID");
    }
    return switch (login.signIn(caller, account, code)) {
      case SIGNED_IN -> welcome(caller, account.id());
      case AGAIN -> Answer.result(authorization(account.id()));
      case KEY_IN_USE -> Answer.refusal(400, "AUTH_KEY_IN_USE");
      case CODE_INVALID -> Answer.refusal(400, "PHONE_CODE_INVALID");
      case NAME_REQUIRED -> {
        synchronized (signUps) {
          signUps.put(caller.authKeyId(), code);
        }
        yield Answer.result(AuthAuthorizationSignUpRequired.of());
      }
    };
  }

  private Answer<AnyAuthAuthorization> welcome(Caller caller, long account) {
    notices.newLogin(account, caller);
    return Answer.result(authorization(account));
  }

  private Answer<AnyAuthAuthorization> signUp(Caller caller, AuthSignUp m) {
    String first = m.firstName().strip();
    String last = m.lastName().strip();
    if (first.isEmpty() || first.length() > NAME_LENGTH_MAX) {
      return Answer.refusal(400, "FIRSTNAME_INVALID");
    }
    if (last.length() > NAME_LENGTH_MAX) {
      return Answer.refusal(400, "LASTNAME_INVALID");
    }
    Answer<AnyAuthAuthorization> refusal = refusal(caller, m.phoneNumber(), m.phoneCodeHash());
    if (refusal != null) {
      return refusal;
    }
    String code;
    synchronized (signUps) {
      code = signUps.get(caller.authKeyId());
    }
    AccountRow account = accounts.byNumber(m.phoneNumber());
    if (code == null || account == null) {
      return Answer.refusal(400, "PHONE_CODE_EXPIRED");
    }
    // The code is still unspent and is checked once more, so a name is only set by who brings the
    // right one.
    AccountRow named = account.withFirstName(first).withLastName(last).withRegistered(true);
    if (login.signIn(caller, account, code) != Login.Outcome.NAME_REQUIRED) {
      return Answer.refusal(400, "PHONE_CODE_EXPIRED");
    }
    accounts.change(account.id(), _ -> named);
    synchronized (signUps) {
      signUps.remove(caller.authKeyId());
    }
    return login.signIn(caller, named, code) == Login.Outcome.SIGNED_IN
        ? Answer.result(authorization(account.id()))
        : Answer.refusal(400, "PHONE_CODE_EXPIRED");
  }

  private Answer<AuthLoggedOut> logOut(Caller caller) {
    login.signOut(caller);
    return Answer.result(AuthLoggedOut.of());
  }

  private AnyDestroyAuthKeyRes destroyKey(Caller caller) {
    if (caller.authKeyId() == 0) {
      return new DestroyAuthKeyNone(); // a temporary key that is not bound dies of itself
    }
    login.destroyKey(caller);
    return new DestroyAuthKeyOk();
  }

  private AnyAuthAuthorization authorization(long id) {
    return AuthAuthorization.of(mailboxes.with(id, box -> users.view(box, id)));
  }

  /** No second password yet; clients insist on real algorithms all the same. */
  private AccountPassword noPassword() {
    return AccountPassword.of(
        new PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
            env.bytes(8), env.bytes(16), Dh.G, Dh.PRIME.toByteArray()),
        new SecurePasswordKdfAlgoPBKDF2HMACSHA512iter100000(env.bytes(8)),
        env.bytes(256));
  }
}

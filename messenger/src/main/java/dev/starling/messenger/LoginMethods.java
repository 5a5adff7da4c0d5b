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
import dev.starling.tl.row.AccountRow;
import java.util.LinkedHashMap;
import java.util.Map;

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
  private final Sessions sessions;
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
      Login login,
      Accounts accounts,
      Users users,
      Mailboxes mailboxes,
      Sessions sessions,
      Env env) {
    this.login = login;
    this.accounts = accounts;
    this.users = users;
    this.mailboxes = mailboxes;
    this.sessions = sessions;
    this.env = env;
  }

  void register(MethodTable table) {
    table.open(AuthSendCode.class, (caller, m) -> sendCode(caller, m.phoneNumber()));
    table.open(AuthResendCode.class, (caller, m) -> sendCode(caller, m.phoneNumber()));
    table.open(AuthCancelCode.class, (_, _) -> Answer.result(true));
    table.open(AuthSignIn.class, this::signIn);
    table.open(AuthSignUp.class, this::signUp);
    table.on(AuthLogOut.class, (_, caller, _) -> logOut(caller));
    table.on(AccountGetPassword.class, (_, _, _) -> Answer.result(noPassword()));
  }

  /**
   * The operator has handed the code over already, so nothing is sent; every well-formed number is
   * answered alike.
   */
  private Answer<AnyAuthSentCode> sendCode(Caller caller, String number) {
    String digits = Accounts.digits(number);
    if (digits.length() < NUMBER_DIGITS_MIN || digits.length() > NUMBER_DIGITS_MAX) {
      return Answer.refusal(400, "PHONE_NUMBER_INVALID");
    }
    return Answer.result(
        AuthSentCode.of(
            new AuthSentCodeTypeApp(Login.CODE_LENGTH), login.codeHash(caller, digits)));
  }

  private Answer<AnyAuthAuthorization> signIn(Caller caller, AuthSignIn m) {
    String code = requireNonNullElse(m.phoneCode(), "");
    if (code.isEmpty()) {
      return Answer.refusal(400, "PHONE_CODE_EMPTY");
    }
    if (!m.phoneCodeHash().equals(login.codeHash(caller, Accounts.digits(m.phoneNumber())))) {
      return Answer.refusal(400, "PHONE_CODE_EXPIRED");
    }
    AccountRow account = accounts.byNumber(m.phoneNumber());
    if (account == null) {
      return Answer.refusal(400, "PHONE_CODE_INVALID");
    }
    return switch (login.signIn(caller, account, code)) {
      case SIGNED_IN -> Answer.result(authorization(account.id()));
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

  private Answer<AnyAuthAuthorization> signUp(Caller caller, AuthSignUp m) {
    String first = m.firstName().strip();
    String last = m.lastName().strip();
    if (first.isEmpty() || first.length() > NAME_LENGTH_MAX) {
      return Answer.refusal(400, "FIRSTNAME_INVALID");
    }
    if (last.length() > NAME_LENGTH_MAX) {
      return Answer.refusal(400, "LASTNAME_INVALID");
    }
    String code;
    synchronized (signUps) {
      code = signUps.get(caller.authKeyId());
    }
    AccountRow account = accounts.byNumber(m.phoneNumber());
    if (code == null
        || account == null
        || !m.phoneCodeHash().equals(login.codeHash(caller, Accounts.digits(m.phoneNumber())))) {
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
    sessions.drop(caller.authKeyId());
    return Answer.result(AuthLoggedOut.of());
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

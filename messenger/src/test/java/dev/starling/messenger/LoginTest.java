package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.mtproto.AuthKey;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AuthAuthorization;
import dev.starling.tl.api.AuthAuthorizationSignUpRequired;
import dev.starling.tl.api.AuthLogOut;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.AuthSignUp;
import dev.starling.tl.api.CodeSettings;
import dev.starling.tl.api.Config;
import dev.starling.tl.api.HelpGetConfig;
import dev.starling.tl.api.UpdatesGetState;
import dev.starling.tl.api.User;
import dev.starling.tl.mt.DestroyAuthKey;
import dev.starling.tl.mt.DestroyAuthKeyOk;
import dev.starling.tl.row.AccountRow;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoginTest {
  private static final Answer<?> INVALID = new Answer.Refusal<>(400, "PHONE_CODE_INVALID");

  private final World world = new World();
  private final AuthKey key = new AuthKey(filled());

  private static byte[] filled() {
    byte[] key = new byte[256];
    Arrays.fill(key, (byte) 9);
    return key;
  }

  @BeforeEach
  void aFreshKey() {
    world.authKeys.create(key, 2);
  }

  private Answer<?> call(TlMethod<?> method) {
    var known = world.authKeys.find(key.id());
    Caller caller =
        new Caller(
            key.id(),
            1,
            Layer.NEWEST,
            2,
            known == null ? 0 : known.accountId(),
            ClientInfo.UNKNOWN,
            false);
    return world.messenger.methods().call(caller, method);
  }

  private Answer<?> signIn(String number, String code) {
    var sent = (Answer.Result<?>) call(new AuthSendCode(number, 1, "", CodeSettings.of()));
    String hash = ((AuthSentCode) sent.value()).phoneCodeHash();
    return call(AuthSignIn.of(number, hash).withPhoneCode(code));
  }

  private static String wrong(String code) {
    return code.equals("00000") ? "00001" : "00000";
  }

  @Test
  void theRightCodeSignsInOnceInAnySpellingOfTheNumber() {
    AccountRow account = world.messenger.accounts().create("Alice");
    String code = world.messenger.login().newCode(account.id());
    String spelled = "+" + account.phone().substring(0, 3) + " " + account.phone().substring(3);
    var result = assertInstanceOf(Answer.Result.class, signIn(spelled, code));
    assertEquals(account.id(), ((User) ((AuthAuthorization) result.value()).user()).id());
    call(new AuthLogOut());
    assertEquals(INVALID, signIn(spelled, code), "a code is spent by its use");
  }

  @Test
  void aWrongCodeAndAnUnknownNumberAreAnsweredAlike() {
    AccountRow account = world.messenger.accounts().create("Alice");
    String code = world.messenger.login().newCode(account.id());
    assertEquals(INVALID, signIn(account.phone(), wrong(code)));
    assertEquals(INVALID, signIn("+888 0000 0000", code));
  }

  @Test
  void fiveWrongGuessesSpendACode() {
    AccountRow account = world.messenger.accounts().create("Alice");
    String code = world.messenger.login().newCode(account.id());
    for (int i = 0; i < LoginCodes.ATTEMPTS_MAX; i++) {
      assertEquals(INVALID, signIn(account.phone(), wrong(code)));
    }
    assertEquals(INVALID, signIn(account.phone(), code));
    String fresh = world.messenger.login().newCode(account.id());
    assertInstanceOf(Answer.Result.class, signIn(account.phone(), fresh));
  }

  @Test
  void anExpiredCodeSignsNobodyIn() {
    AccountRow account = world.messenger.accounts().create("Alice");
    String code = world.messenger.login().newCode(account.id());
    world.now += Login.CODE_LIFE.toSeconds() + 1;
    assertEquals(INVALID, signIn(account.phone(), code));
  }

  @Test
  void aCodeHashOfAnotherNumberIsRefused() {
    AccountRow account = world.messenger.accounts().create("Alice");
    String code = world.messenger.login().newCode(account.id());
    var sent = (Answer.Result<?>) call(new AuthSendCode("+88811111111", 1, "", CodeSettings.of()));
    String hash = ((AuthSentCode) sent.value()).phoneCodeHash();
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_CODE_EXPIRED"),
        call(AuthSignIn.of(account.phone(), hash).withPhoneCode(code)));
  }

  @Test
  void anAccountWithoutANameSignsUp() {
    AccountRow account = world.messenger.accounts().create("");
    String code = world.messenger.login().newCode(account.id());
    var required = assertInstanceOf(Answer.Result.class, signIn(account.phone(), code));
    assertInstanceOf(AuthAuthorizationSignUpRequired.class, required.value());
    var sent = (Answer.Result<?>) call(new AuthSendCode(account.phone(), 1, "", CodeSettings.of()));
    String hash = ((AuthSentCode) sent.value()).phoneCodeHash();
    var up = (Answer.Result<?>) call(AuthSignUp.of(account.phone(), hash, "Ann", ""));
    assertEquals("Ann", ((User) ((AuthAuthorization) up.value()).user()).firstName());
    assertInstanceOf(Answer.Result.class, call(new UpdatesGetState()));
  }

  @Test
  void nobodySignsUpWithoutTheCode() {
    AccountRow account = world.messenger.accounts().create("");
    world.messenger.login().newCode(account.id());
    var sent = (Answer.Result<?>) call(new AuthSendCode(account.phone(), 1, "", CodeSettings.of()));
    String hash = ((AuthSentCode) sent.value()).phoneCodeHash();
    assertInstanceOf(Answer.Refusal.class, call(AuthSignUp.of(account.phone(), hash, "Eve", "")));
  }

  @Test
  void aChatMayBeClearedOnBothSides() {
    Answer<?> answer = call(new HelpGetConfig());
    Config config = (Config) assertInstanceOf(Answer.Result.class, answer).value();
    assertTrue(config.revokePmInbox());
    assertEquals(Integer.MAX_VALUE, config.revokePmTimeLimit());
  }

  @Test
  void aDestroyedKeyIsGoneAndItsAuthorizationWithIt() {
    AccountRow account = world.messenger.accounts().create("Alice");
    signIn(account.phone(), world.messenger.login().newCode(account.id()));
    byte[] authorization = Rows.key(Rows.AUTHORIZATION, key.id());
    assertNotNull(world.store.get(Rows.account(account.id()), authorization));
    assertEquals(new Answer.Result<>(new DestroyAuthKeyOk()), call(new DestroyAuthKey()));
    assertNull(world.authKeys.find(key.id()));
    assertNull(world.store.get(Rows.account(account.id()), authorization));
  }

  @Test
  void withoutSigningInOnlyOpenMethodsAnswer() {
    assertEquals(new Answer.Refusal<>(401, "AUTH_KEY_UNREGISTERED"), call(new UpdatesGetState()));
    assertInstanceOf(Answer.Result.class, call(new HelpGetConfig()));
    assertNotEquals(new Answer.Refusal<>(400, "METHOD_NOT_SUPPORTED"), call(new UpdatesGetState()));
  }
}

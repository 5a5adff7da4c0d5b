package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.mtproto.AuthKey;
import dev.starling.tl.Layer;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AuthCancelCode;
import dev.starling.tl.api.AuthResendCode;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSentCodeTypeApp;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.CodeSettings;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.PeerUser;
import dev.starling.tl.api.UpdateNewAuthorization;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.api.User;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Codes told by 777000, and what stands against guessing them. */
class FurtherDeviceTest {
  private static final Pattern CODE = Pattern.compile("Login code: (\\d{5})\\. Do not give");
  private static final Answer<?> INVALID = new Answer.Refusal<>(400, "PHONE_CODE_INVALID");

  private World world = new World();
  private final Device phone = world.device("Alice");
  private final String number = world.account(phone.account).phone();

  /** A device that nobody is signed in on. */
  private final class Stranger {
    final long key;

    Stranger() {
      byte[] bytes = new byte[256];
      bytes[0] = (byte) ++strangers;
      AuthKey auth = new AuthKey(bytes);
      world.authKeys.create(auth, 2);
      key = auth.id();
    }

    Answer<?> call(TlMethod<?> method) {
      var known = world.authKeys.find(key);
      long account = known == null ? 0 : known.accountId();
      ClientInfo client = new ClientInfo(6, "Pixel", "Android 16", "11.2");
      return world
          .messenger
          .methods()
          .call(new Caller(key, key, Layer.NEWEST, 2, account, client, false), method);
    }

    AuthSentCode ask() {
      var answer = call(new AuthSendCode(number, 1, "", CodeSettings.of()));
      return (AuthSentCode) assertInstanceOf(Answer.Result.class, answer).value();
    }

    Answer<?> signIn(String code) {
      return call(AuthSignIn.of(number, ask().phoneCodeHash()).withPhoneCode(code));
    }
  }

  private int strangers;

  private List<Message> told() {
    List<Message> told = new ArrayList<>();
    for (var updates : world.pushed(phone)) {
      if (updates instanceof Updates u
          && u.updates().getFirst() instanceof UpdateNewMessage update
          && update.message() instanceof Message message) {
        told.add(message);
      }
    }
    return told;
  }

  private String toldCode() {
    Matcher code = CODE.matcher(told().getLast().message());
    assertTrue(code.find(), () -> told().getLast().message());
    return code.group(1);
  }

  private static String wrong(String code) {
    return code.equals("00000") ? "00001" : "00000";
  }

  @Test
  void aFurtherDeviceGetsItsCodeFromTheService() {
    Stranger tablet = new Stranger();
    AuthSentCode sent = tablet.ask();
    assertEquals(new AuthSentCodeTypeApp(5), sent.type());
    Message message = told().getFirst();
    assertEquals(new PeerUser(777_000), message.fromId());
    assertEquals(new PeerUser(777_000), message.peerId());
    Updates push = (Updates) world.pushed(phone).getFirst();
    User service =
        (User) push.users().stream().filter(u -> ((User) u).id() == 777_000).findFirst().get();
    assertTrue(service.verified() && service.support());
    assertEquals("42777", service.phone());
    var in = AuthSignIn.of(number, sent.phoneCodeHash()).withPhoneCode(toldCode());
    assertInstanceOf(Answer.Result.class, tablet.call(in));
  }

  @Test
  void aCodeIsGoodOnTheDeviceThatAskedForItOnly() {
    new Stranger().ask();
    String code = toldCode();
    assertEquals(INVALID, new Stranger().signIn(code));
  }

  @Test
  void askingVoidsNeitherAnotherDevicesCodeNorTheHandedOne() {
    String handed = world.messenger.login().newCode(phone.account);
    Stranger tablet = new Stranger();
    AuthSentCode sent = tablet.ask();
    String code = toldCode();
    new Stranger().ask();
    var in = AuthSignIn.of(number, sent.phoneCodeHash()).withPhoneCode(code);
    assertInstanceOf(Answer.Result.class, tablet.call(in));
    assertInstanceOf(Answer.Result.class, new Stranger().signIn(handed));
  }

  @Test
  void aSentCodeExpiresAndACancelledOneIsVoid() {
    Stranger tablet = new Stranger();
    String hash = tablet.ask().phoneCodeHash();
    var in = AuthSignIn.of(number, hash).withPhoneCode(toldCode());
    world.now += LoginCodes.SENT_LIFE.toSeconds() + 1;
    assertEquals(INVALID, tablet.call(in));
    tablet.call(AuthResendCode.of(number, hash));
    in = in.withPhoneCode(toldCode());
    assertEquals(new Answer.Result<>(true), tablet.call(new AuthCancelCode(number, hash)));
    assertEquals(INVALID, tablet.call(in));
  }

  @Test
  void theOtherDevicesAreToldOfANewLogin() {
    Stranger tablet = new Stranger();
    AuthSentCode sent = tablet.ask();
    tablet.call(AuthSignIn.of(number, sent.phoneCodeHash()).withPhoneCode(toldCode()));
    String text = told().getLast().message();
    assertTrue(text.startsWith("New login. Dear Alice,") && text.contains("Pixel"), text);
    var last = world.pushes.getLast();
    assertEquals(tablet.key, last.except());
    assertInstanceOf(UpdateNewAuthorization.class, ((Updates) last.updates()).updates().getFirst());
  }

  @Test
  void aFirstDeviceIsToldNothing() {
    world.device("Bob");
    assertTrue(world.pushes.isEmpty());
  }

  @Test
  void errorsAreTheDocumentedOnes() {
    Stranger tablet = new Stranger();
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_CODE_HASH_EMPTY"),
        tablet.call(AuthSignIn.of(number, "").withPhoneCode("1")));
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_CODE_EMPTY"), tablet.call(AuthSignIn.of(number, "00")));
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_CODE_EXPIRED"),
        tablet.call(AuthResendCode.of(number, "00")));
    assertEquals(
        new Answer.Refusal<>(400, "PHONE_NUMBER_INVALID"),
        tablet.call(new AuthSendCode("12", 1, "", CodeSettings.of())));
  }

  @Test
  void guessesOfOneKeyMeetAFloodWaitThatTellsTrueSecondsAndOutlivesARestart() {
    Stranger guesser = new Stranger();
    String hash = guesser.ask().phoneCodeHash();
    var guess = AuthSignIn.of(number, hash).withPhoneCode(wrong(toldCode()));
    for (int i = 0; i < Limit.GUESS_BY_KEY.most; i++) {
      world.now += 10;
      assertEquals(INVALID, guesser.call(guess));
    }
    int oldest = 10 * (Limit.GUESS_BY_KEY.most - 1);
    Answer<?> wait = new Answer.Refusal<>(420, "FLOOD_WAIT_" + (86_400 - oldest));
    assertEquals(wait, guesser.call(guess));
    World again = new World(world.store);
    again.now = world.now;
    world = again;
    assertEquals(wait, guesser.call(guess));
    world.now += 86_400 - oldest - 1;
    assertEquals(new Answer.Refusal<>(420, "FLOOD_WAIT_1"), guesser.call(guess));
    world.now += 1;
    assertEquals(INVALID, guesser.call(guess));
  }

  @Test
  void guessesOfManyKeysAtOneNumberMeetAFloodWaitWhetherItHasAnAccountOrNot() {
    for (String at : List.of(number, "88800000000")) {
      for (int i = 0; i < Limit.GUESS_OF_NUMBER.most; i++) {
        assertEquals(INVALID, guess(at));
      }
      assertEquals(new Answer.Refusal<>(420, "FLOOD_WAIT_86400"), guess(at), at);
    }
  }

  private Answer<?> guess(String at) {
    Stranger guesser = new Stranger();
    var sent = guesser.call(new AuthSendCode(at, 1, "", CodeSettings.of()));
    var code = (AuthSentCode) assertInstanceOf(Answer.Result.class, sent).value();
    return guesser.call(AuthSignIn.of(at, code.phoneCodeHash()).withPhoneCode("not a code"));
  }

  @Test
  void askingForCodesIsLimitedByKey() {
    Stranger asker = new Stranger();
    for (int i = 0; i < Limit.CODE_BY_KEY.most; i++) {
      asker.ask();
    }
    assertEquals(
        new Answer.Refusal<>(420, "FLOOD_WAIT_3600"),
        asker.call(new AuthSendCode(number, 1, "", CodeSettings.of())));
  }
}

package dev.starling.messenger;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AuthSendCode;
import dev.starling.tl.api.AuthSentCode;
import dev.starling.tl.api.AuthSignIn;
import dev.starling.tl.api.CodeSettings;
import dev.starling.tl.api.InputPeerUser;
import dev.starling.tl.api.Message;
import dev.starling.tl.api.MessagesSendMessage;
import dev.starling.tl.api.UpdateNewMessage;
import dev.starling.tl.api.Updates;
import dev.starling.tl.row.AccountRow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class InvitationsTest {
  private static final Pattern ANSWER = Pattern.compile("Number: \\+(\\d+)\nCode: (\\d{5})\n");

  private final World world = new World();
  private final Device alice = world.device("Alice");
  private int randomId;

  private String say(String text) {
    var service = new InputPeerUser(777_000, alice.hashOf(777_000));
    alice.ok(MessagesSendMessage.of(service, text, ++randomId));
    Updates last = (Updates) world.pushed(alice).getLast();
    return ((Message) ((UpdateNewMessage) last.updates().getFirst()).message()).message();
  }

  @Test
  void whoIsInvitedSignsInWithTheNumberAndTheCode() {
    Matcher answer = ANSWER.matcher(say("/invite Bob the Builder"));
    assertTrue(answer.find());
    AccountRow bob = requireNonNull(world.messenger.accounts().byNumber(answer.group(1)));
    assertEquals("Bob the Builder", bob.firstName());
    Device device = world.unsigned();
    AuthSentCode sent =
        (AuthSentCode) device.ok(new AuthSendCode(bob.phone(), 1, "", CodeSettings.of()));
    device.ok(AuthSignIn.of(bob.phone(), sent.phoneCodeHash()).withPhoneCode(answer.group(2)));
    assertEquals(bob.id(), device.caller().accountId());
  }

  @Test
  void invitationsOfOneAccountAreLimitedADay() {
    for (int i = 0; i < Limit.INVITE_BY_ACCOUNT.most; i++) {
      assertTrue(ANSWER.matcher(say("/invite N" + i)).find());
    }
    assertTrue(say("/invite One more").startsWith("You have invited 5 today"));
    assertEquals(1 + Limit.INVITE_BY_ACCOUNT.most, world.messenger.accounts().list().size());
    world.now += 86_400;
    assertTrue(ANSWER.matcher(say("/invite One more")).find());
  }

  @Test
  void theSameMessageAgainInvitesNobodyElse() {
    say("/invite Bob");
    randomId--;
    say("/invite Bob");
    assertEquals(2, world.messenger.accounts().list().size());
  }

  @Test
  void otherWordsAreNotAnsweredAndHelpIs() {
    assertEquals("hello", say("hello"));
    assertTrue(say("/help").startsWith("/invite Name gives you"));
    assertTrue(say("/invite two\nlines").startsWith("A name is one line"));
  }
}

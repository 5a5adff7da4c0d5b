package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AccountGetAuthorizations;
import dev.starling.tl.api.AuthAcceptLoginToken;
import dev.starling.tl.api.AuthExportLoginToken;
import dev.starling.tl.api.AuthLoginToken;
import dev.starling.tl.api.AuthLoginTokenSuccess;
import dev.starling.tl.api.UpdateLoginToken;
import dev.starling.tl.api.UpdateShort;
import dev.starling.tl.api.UpdatesGetState;
import java.util.List;
import org.junit.jupiter.api.Test;

class QrLoginTest {
  private final World world = new World();
  private final Device phone = world.device("Alice");
  private final Device desktop = world.unsigned();

  private AuthLoginToken token() {
    var answer = desktop.ok(new AuthExportLoginToken(1, "", List.of()));
    return assertInstanceOf(AuthLoginToken.class, answer);
  }

  @Test
  void anAcceptedTokenSignsTheNewDeviceIn() {
    AuthLoginToken shown = token();
    phone.ok(new AuthAcceptLoginToken(shown.token()));
    assertTrue(
        world.pushes.stream()
            .anyMatch(
                push ->
                    push.except() == desktop.session
                        && push.updates() instanceof UpdateShort update
                        && update.update() instanceof UpdateLoginToken));
    assertInstanceOf(
        AuthLoginTokenSuccess.class, desktop.ok(new AuthExportLoginToken(1, "", List.of())));
    desktop.ok(new UpdatesGetState());
    assertEquals(2, phone.ok(new AccountGetAuthorizations()).authorizations().size());
  }

  @Test
  void anExpiredAReplacedAndAUsedTokenSignNobodyIn() {
    Answer<?> invalid = new Answer.Refusal<>(400, "AUTH_TOKEN_INVALID");
    AuthLoginToken replaced = token();
    AuthLoginToken shown = token();
    assertEquals(invalid, phone.call(new AuthAcceptLoginToken(replaced.token())));
    world.now += QrLogin.LIFE_SECONDS;
    assertEquals(
        new Answer.Refusal<>(400, "AUTH_TOKEN_EXPIRED"),
        phone.call(new AuthAcceptLoginToken(shown.token())));
    AuthLoginToken fresh = token();
    phone.ok(new AuthAcceptLoginToken(fresh.token()));
    assertEquals(invalid, phone.call(new AuthAcceptLoginToken(fresh.token())));
  }
}

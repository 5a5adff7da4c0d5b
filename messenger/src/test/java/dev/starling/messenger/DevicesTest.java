package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.messenger.World.Device;
import dev.starling.tl.api.AccountChangeAuthorizationSettings;
import dev.starling.tl.api.AccountGetAuthorizations;
import dev.starling.tl.api.AccountResetAuthorization;
import dev.starling.tl.api.AccountSetAuthorizationTTL;
import dev.starling.tl.api.AuthExportAuthorization;
import dev.starling.tl.api.AuthImportAuthorization;
import dev.starling.tl.api.AuthLogOut;
import dev.starling.tl.api.AuthResetAuthorizations;
import dev.starling.tl.api.Authorization;
import dev.starling.tl.api.UpdatesGetState;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesTest {
  private static final Answer<?> SIGNED_OUT = new Answer.Refusal<>(401, "AUTH_KEY_UNREGISTERED");

  private final World world = new World();
  private final Device phone = world.device("Alice");
  private final Device tablet = world.new Device(world.account(phone.account));

  private List<Authorization> listed(Device device) {
    return device.ok(new AccountGetAuthorizations()).authorizations();
  }

  @Test
  void bothAreListedAndTheAskingOneIsTheCurrent() {
    List<Authorization> listed = listed(phone);
    assertEquals(2, listed.size());
    assertTrue(listed.get(0).current());
    assertEquals(0, listed.get(0).hash());
    assertFalse(listed.get(1).current());
    assertNotEquals(0, listed.get(1).hash());
    assertEquals("", listed.get(1).ip() + listed.get(1).country() + listed.get(1).region());
  }

  @Test
  void anEndedDeviceIsSignedOutAndItsConnectionsAreDropped() {
    long hash = listed(phone).get(1).hash();
    phone.ok(new AccountResetAuthorization(hash));
    assertEquals(SIGNED_OUT, tablet.call(new UpdatesGetState()));
    assertEquals(List.of(tablet.authKey), world.ended);
    assertEquals(1, listed(phone).size());
    assertEquals(
        new Answer.Refusal<>(400, "HASH_INVALID"), phone.call(new AccountResetAuthorization(hash)));
  }

  @Test
  void allOthersCanBeEndedAtOnce() {
    world.new Device(world.account(phone.account));
    phone.ok(new AuthResetAuthorizations());
    assertEquals(1, listed(phone).size());
    assertEquals(SIGNED_OUT, tablet.call(new UpdatesGetState()));
    phone.ok(new UpdatesGetState());
  }

  @Test
  void loggingOutLeavesTheOthers() {
    tablet.ok(new AuthLogOut());
    assertEquals(SIGNED_OUT, tablet.call(new UpdatesGetState()));
    assertEquals(1, listed(phone).size());
  }

  @Test
  void anotherAccountsDeviceIsNotFound() {
    long hash = listed(phone).get(1).hash();
    Device bob = world.device("Bob");
    assertEquals(
        new Answer.Refusal<>(400, "HASH_INVALID"), bob.call(new AccountResetAuthorization(hash)));
  }

  @Test
  void aSignInIsTakenAlongToAnotherDataCentreOnce() {
    var taken = phone.ok(new AuthExportAuthorization(4));
    Device media = world.unsigned();
    media.ok(new AuthImportAuthorization(taken.id(), taken.bytes()));
    media.ok(new UpdatesGetState());
    assertEquals(3, listed(phone).size());
    assertEquals(
        new Answer.Refusal<>(400, "AUTH_BYTES_INVALID"),
        world.unsigned().call(new AuthImportAuthorization(taken.id(), taken.bytes())));
    assertEquals(
        new Answer.Refusal<>(400, "DC_ID_INVALID"), phone.call(new AuthExportAuthorization(2)));
  }

  @Test
  void settingsOfADeviceAreKept() {
    long hash = listed(phone).get(1).hash();
    phone.ok(AccountChangeAuthorizationSettings.of(hash).withCallRequestsDisabled(true));
    phone.ok(new AccountSetAuthorizationTTL(30));
    Authorization listed = listed(phone).get(1);
    assertTrue(listed.callRequestsDisabled());
    assertFalse(listed.encryptedRequestsDisabled());
    World later = new World(world.store);
    var again = later.messenger.methods().call(phone.caller(), new AccountGetAuthorizations());
    assertTrue(
        again
                instanceof
                Answer.Result<?>(dev.starling.tl.api.AccountAuthorizations(int days, var _))
            && days == 30);
  }
}

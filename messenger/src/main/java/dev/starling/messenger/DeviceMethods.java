package dev.starling.messenger;

import static java.util.Objects.requireNonNullElse;

import dev.starling.store.Batch;
import dev.starling.store.Store;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.api.AccountAuthorizations;
import dev.starling.tl.api.AccountChangeAuthorizationSettings;
import dev.starling.tl.api.AccountDaysTTL;
import dev.starling.tl.api.AccountGetAuthorizations;
import dev.starling.tl.api.AccountRegisterDevice;
import dev.starling.tl.api.AccountResetAuthorization;
import dev.starling.tl.api.AccountSetAuthorizationTTL;
import dev.starling.tl.api.AccountUnregisterDevice;
import dev.starling.tl.api.AuthDropTempAuthKeys;
import dev.starling.tl.api.AuthResetAuthorizations;
import dev.starling.tl.api.Authorization;
import dev.starling.tl.row.AuthorizationRow;
import dev.starling.tl.row.DeviceRow;
import dev.starling.tl.row.SettingRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Devices listed and ended. A device that signed in a moment ago may end others at once
 * (FRESH_RESET_AUTHORISATION_FORBIDDEN is never said): whose phone was seized must end it now, from
 * whatever device is at hand, and nobody gets a code without a device of the account or its
 * operator.
 */
final class DeviceMethods {
  /** "The maximum number of days of inactivity": clients offer up to a year. */
  private static final int TTL_DAYS_MAX = 366;

  /** A push token is an address of a push service, a few hundred bytes. */
  private static final int TOKEN_LENGTH_MAX = 4096;

  private final Devices devices;
  private final Settings settings;
  private final Mailboxes mailboxes;
  private final Store store;

  DeviceMethods(Devices devices, Settings settings, Mailboxes mailboxes, Store store) {
    this.devices = devices;
    this.settings = settings;
    this.mailboxes = mailboxes;
    this.store = store;
  }

  void register(MethodTable table) {
    table.on(AccountGetAuthorizations.class, (me, caller, _) -> list(me, caller));
    table.on(AccountResetAuthorization.class, this::end);
    table.on(AuthResetAuthorizations.class, (me, caller, _) -> endOthers(me, caller));
    table.on(AccountChangeAuthorizationSettings.class, this::change);
    table.on(AccountSetAuthorizationTTL.class, (me, _, m) -> ttl(me, m.authorizationTtlDays()));
    table.open(
        AuthDropTempAuthKeys.class,
        (caller, m) -> {
          devices.dropTemporaryKeys(caller.authKeyId(), Set.copyOf(m.exceptAuthKeys()));
          return Answer.result(true);
        });
    table.on(AccountRegisterDevice.class, this::register);
    table.on(AccountUnregisterDevice.class, (me, caller, _) -> push(me, caller, null));
  }

  private Answer<AccountAuthorizations> list(long me, Caller caller) {
    return Answer.result(
        mailboxes.with(
            me,
            box -> {
              List<Authorization> list = new ArrayList<>();
              for (AuthorizationRow device : devices.list(box)) {
                if (device.authKeyId() == caller.authKeyId()) {
                  list.addFirst(view(box, device, true)); // clients show it apart, above the others
                } else {
                  list.add(view(box, device, false));
                }
              }
              AccountDaysTTL ttl = settings.get(me, Neglect.DEVICE_TTL, AccountDaysTTL.class);
              return new AccountAuthorizations(
                  ttl == null ? Neglect.DEVICE_TTL_DAYS : ttl.days(), list);
            }));
  }

  /** Address, country and region are empty: nothing here knows where anybody is. */
  Authorization view(Mailbox box, AuthorizationRow device, boolean current) {
    DeviceRow state = devices.state(box, device);
    return new Authorization(
        current,
        false, // official_app: none is more official than another
        false,
        state.encryptedRequestsDisabled(),
        state.callRequestsDisabled(),
        false,
        current ? 0 : devices.hash(box, device.authKeyId()),
        device.deviceModel(),
        "", // platform: clients tell the system's version only
        device.systemVersion(),
        device.apiId(),
        "", // app_name: known by api_id to the application's author alone
        device.appVersion(),
        device.created(),
        Math.max(device.created(), state.active()),
        "",
        "",
        "");
  }

  private Answer<Boolean> end(long me, Caller caller, AccountResetAuthorization m) {
    return mailboxes.with(
        me,
        box -> {
          AuthorizationRow device = find(box, m.hash());
          if (device == null || device.authKeyId() == caller.authKeyId()) {
            return Answer.refusal(400, "HASH_INVALID");
          }
          devices.end(box, device.authKeyId());
          return Answer.result(true);
        });
  }

  private Answer<Boolean> endOthers(long me, Caller caller) {
    return mailboxes.with(
        me,
        box -> {
          devices.list(box).stream()
              .filter(device -> device.authKeyId() != caller.authKeyId())
              .forEach(device -> devices.end(box, device.authKeyId()));
          return Answer.result(true);
        });
  }

  private Answer<Boolean> change(long me, Caller caller, AccountChangeAuthorizationSettings m) {
    return mailboxes.with(
        me,
        box -> {
          AuthorizationRow device =
              devices.list(box).stream()
                  .filter(d -> m.hash() == 0 && d.authKeyId() == caller.authKeyId())
                  .findFirst()
                  .orElseGet(() -> find(box, m.hash()));
          if (device == null) {
            return Answer.refusal(400, "HASH_INVALID");
          }
          devices.change(
              box,
              device,
              state ->
                  state
                      .withEncryptedRequestsDisabled(
                          requireNonNullElse(
                              m.encryptedRequestsDisabled(), state.encryptedRequestsDisabled()))
                      .withCallRequestsDisabled(
                          requireNonNullElse(
                              m.callRequestsDisabled(), state.callRequestsDisabled())));
          return Answer.result(true);
        });
  }

  private @Nullable AuthorizationRow find(Mailbox box, long hash) {
    return devices.list(box).stream()
        .filter(device -> devices.hash(box, device.authKeyId()) == hash)
        .findFirst()
        .orElse(null);
  }

  private Answer<Boolean> ttl(long me, int days) {
    if (days < 1 || days > TTL_DAYS_MAX) {
      return Answer.refusal(400, "TTL_DAYS_INVALID");
    }
    return Answer.result(
        mailboxes.with(me, box -> settings.put(box, Neglect.DEVICE_TTL, new AccountDaysTTL(days))));
  }

  /** There is no push service here; the token is kept for the day when there is one. */
  private Answer<Boolean> register(long me, Caller caller, AccountRegisterDevice m) {
    if (m.token().isEmpty() || m.token().length() > TOKEN_LENGTH_MAX) {
      return Answer.refusal(400, "TOKEN_INVALID");
    }
    // Other accounts of the same device are the device's own affair: they are not written down.
    byte[] kept = Tl.encode(m.withOtherUids(List.of()), Layer.NEWEST);
    return push(me, caller, new SettingRow(Layer.NEWEST.number(), kept));
  }

  private Answer<Boolean> push(long me, Caller caller, @Nullable SettingRow row) {
    byte[] key = Rows.key(Rows.PUSH, caller.authKeyId());
    return mailboxes.with(
        me,
        box -> {
          Batch batch = new Batch();
          store.commit(
              row == null
                  ? batch.delete(box.lease, key)
                  : batch.put(box.lease, key, Rows.encode(row)));
          return Answer.result(true);
        });
  }
}

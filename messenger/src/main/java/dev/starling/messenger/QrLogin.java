package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.tl.api.AnyAuthLoginToken;
import dev.starling.tl.api.AuthAcceptLoginToken;
import dev.starling.tl.api.AuthAuthorization;
import dev.starling.tl.api.AuthExportLoginToken;
import dev.starling.tl.api.AuthImportLoginToken;
import dev.starling.tl.api.AuthLoginToken;
import dev.starling.tl.api.AuthLoginTokenSuccess;
import dev.starling.tl.api.Authorization;
import dev.starling.tl.api.UpdateLoginToken;
import dev.starling.tl.api.UpdateShort;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sign-in by a QR code (core.telegram.org/api/qr-login): a new device shows a token, one that is
 * signed in reads and accepts it. Tokens live in memory: after a restart a client shows another.
 */
final class QrLogin {
  /** "Usually 30 seconds": a photo of the screen is worthless soon. */
  static final int LIFE_SECONDS = 30;

  private static final int TOKEN_BYTES = 32;

  /** Tokens that wait; one more forgets the oldest, whose client then shows another. */
  private static final int WAITING_MAX = 10_000;

  private record Waiting(Caller device, int expires) {}

  private final Devices devices;
  private final DeviceMethods deviceMethods;
  private final Mailboxes mailboxes;
  private final Users users;
  private final Notices notices;
  private final Sessions sessions;
  private final Env env;
  private final Map<String, Waiting> waiting =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Waiting> eldest) {
          return size() > WAITING_MAX;
        }
      };

  QrLogin(
      Devices devices,
      DeviceMethods deviceMethods,
      Mailboxes mailboxes,
      Users users,
      Notices notices,
      Sessions sessions,
      Env env) {
    this.devices = devices;
    this.deviceMethods = deviceMethods;
    this.mailboxes = mailboxes;
    this.users = users;
    this.notices = notices;
    this.sessions = sessions;
    this.env = env;
  }

  void register(MethodTable table) {
    table.open(AuthExportLoginToken.class, (caller, _) -> export(caller));
    table.open(AuthImportLoginToken.class, (caller, m) -> importToken(caller, m.token()));
    table.on(AuthAcceptLoginToken.class, (me, _, m) -> accept(me, m.token()));
  }

  /** A fresh token; or, once it was accepted, who is signed in. */
  private Answer<AnyAuthLoginToken> export(Caller caller) {
    if (caller.signedIn()) {
      return success(caller);
    }
    byte[] token = env.bytes(TOKEN_BYTES);
    int expires = env.unixSeconds() + LIFE_SECONDS;
    synchronized (waiting) {
      waiting.values().removeIf(other -> other.device.authKeyId() == caller.authKeyId());
      waiting.put(HexFormat.of().formatHex(token), new Waiting(caller, expires));
    }
    return Answer.result(new AuthLoginToken(expires, token));
  }

  /** Asked by the new device that is sent to another data centre; there is but one. */
  private Answer<AnyAuthLoginToken> importToken(Caller caller, byte[] token) {
    if (caller.signedIn()) {
      return success(caller);
    }
    synchronized (waiting) {
      Waiting known = waiting.get(HexFormat.of().formatHex(token));
      return known == null || known.device.authKeyId() != caller.authKeyId()
          ? Answer.refusal(400, "AUTH_TOKEN_INVALID")
          : Answer.result(new AuthLoginToken(known.expires, token));
    }
  }

  private Answer<AnyAuthLoginToken> success(Caller caller) {
    var self = mailboxes.with(caller.accountId(), box -> users.view(box, box.id));
    return Answer.result(new AuthLoginTokenSuccess(AuthAuthorization.of(self)));
  }

  private Answer<Authorization> accept(long me, byte[] token) {
    Waiting accepted;
    synchronized (waiting) {
      accepted = waiting.remove(HexFormat.of().formatHex(token));
    }
    if (accepted == null) {
      return Answer.refusal(400, "AUTH_TOKEN_INVALID");
    }
    if (accepted.expires <= env.unixSeconds()) {
      return Answer.refusal(400, "AUTH_TOKEN_EXPIRED");
    }
    Authorization signedIn = mailboxes.with(me, box -> signIn(box, accepted.device));
    if (signedIn == null) {
      return Answer.refusal(400, "AUTH_TOKEN_ALREADY_ACCEPTED");
    }
    notices.newLogin(me, accepted.device);
    sessions.tell(
        accepted.device.authKeyId(),
        accepted.device.sessionId(),
        new UpdateShort(new UpdateLoginToken(), env.unixSeconds()));
    return Answer.result(signedIn);
  }

  /** Null when somebody signed in by a code meanwhile. */
  private @Nullable Authorization signIn(Mailbox box, Caller device) {
    if (box.ownerless || !devices.addIfFree(device, box, new Batch())) {
      return null;
    }
    return devices.list(box).stream()
        .filter(row -> row.authKeyId() == device.authKeyId())
        .map(row -> deviceMethods.view(box, row, false))
        .findFirst()
        .orElse(null);
  }
}

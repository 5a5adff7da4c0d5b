package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.store.Batch;
import dev.starling.tl.api.AnyAuthAuthorization;
import dev.starling.tl.api.AuthAuthorization;
import dev.starling.tl.api.AuthExportAuthorization;
import dev.starling.tl.api.AuthExportedAuthorization;
import dev.starling.tl.api.AuthImportAuthorization;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A client that believes in several data centres takes its sign-in along to the key that it has
 * made for another one (core.telegram.org/method/auth.exportAuthorization). It all ends here, so
 * the second key is a device like the first: listed, and ended on its own.
 */
final class ExportMethods {
  /** Clients bring it to the other connection at once. */
  static final int LIFE_SECONDS = 60;

  private static final int TOKEN_BYTES = 32;

  /** One more forgets the oldest, whose client then asks again. */
  private static final int EXPORTED_MAX = 10_000;

  /** Data centres that clients may have by their numbers; the highest known is 5. */
  private static final int DC_MAX = 1_000;

  private record Exported(long account, int expires) {}

  private final Devices devices;
  private final Users users;
  private final Mailboxes mailboxes;
  private final Env env;
  private final Map<String, Exported> exported =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Exported> eldest) {
          return size() > EXPORTED_MAX;
        }
      };

  ExportMethods(Devices devices, Users users, Mailboxes mailboxes, Env env) {
    this.devices = devices;
    this.users = users;
    this.mailboxes = mailboxes;
    this.env = env;
  }

  void register(MethodTable table) {
    table.on(AuthExportAuthorization.class, this::export);
    table.open(AuthImportAuthorization.class, this::importInto);
  }

  private Answer<AuthExportedAuthorization> export(
      long me, Caller caller, AuthExportAuthorization m) {
    if (m.dcId() <= 0 || m.dcId() > DC_MAX || m.dcId() == caller.dc()) {
      return Answer.refusal(400, "DC_ID_INVALID"); // "the provided DC ID is invalid"
    }
    byte[] token = env.bytes(TOKEN_BYTES);
    synchronized (exported) {
      exported.put(
          HexFormat.of().formatHex(token), new Exported(me, env.unixSeconds() + LIFE_SECONDS));
    }
    return Answer.result(new AuthExportedAuthorization(me, token));
  }

  private Answer<AnyAuthAuthorization> importInto(Caller caller, AuthImportAuthorization m) {
    Exported known;
    synchronized (exported) {
      known = exported.remove(HexFormat.of().formatHex(m.bytes()));
    }
    if (known == null || known.account != m.id() || known.expires <= env.unixSeconds()) {
      return Answer.refusal(400, "AUTH_BYTES_INVALID");
    }
    return mailboxes.with(
        known.account,
        box -> {
          boolean same = caller.accountId() == box.id;
          if (!same && (box.ownerless || !devices.addIfFree(caller, box, new Batch()))) {
            return Answer.refusal(400, "AUTH_BYTES_INVALID");
          }
          return Answer.result(AuthAuthorization.of(users.view(box, box.id)));
        });
  }
}

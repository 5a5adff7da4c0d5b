package dev.starling.messenger;

import dev.starling.messenger.AuthKeys.Known;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.KeyBinding;
import dev.starling.tl.TlMethod;
import dev.starling.tl.api.AuthBindTempAuthKey;
import dev.starling.tl.mt.BindAuthKeyInner;
import dev.starling.tl.mt.DestroyAuthKey;
import java.util.Set;

/**
 * What temporary keys may do, and how they come to speak for a permanent one
 * (core.telegram.org/api/pfs).
 */
final class KeyBinder {
  /** What is the same for everybody, and some clients want to know first. */
  private static final Set<String> OPEN =
      Set.of(
          "help.getConfig",
          "help.getNearestDc",
          "help.getAppConfig",
          "help.getCdnConfig",
          "help.getCountriesList",
          "langpack.getLangPack",
          "langpack.getStrings",
          "langpack.getDifference",
          "langpack.getLanguages",
          "langpack.getLanguage");

  private final AuthKeys keys;
  private final Env env;

  KeyBinder(AuthKeys keys, Env env) {
    this.keys = keys;
    this.env = env;
  }

  /**
   * Whether it may be called by a key that speaks for nobody: "the method is unavailable for
   * temporary authorization keys, not bound to permanent".
   */
  static boolean isOpen(TlMethod<?> method) {
    return method instanceof DestroyAuthKey || OPEN.contains(method.methodName());
  }

  /**
   * auth.bindTempAuthKey. Clients take ENCRYPTED_MESSAGE_INVALID for the news that their permanent
   * key is gone, so it is said of nothing else than a message that does not verify.
   *
   * @param own the key that the call came under
   * @param sessionId the session it came in
   * @param msgId the call's
   */
  Answer<Boolean> bind(Known own, long sessionId, long msgId, AuthBindTempAuthKey m) {
    long id = own.key().id();
    if (own.permanentId() == id) {
      return Answer.refusal(400, "TEMP_AUTH_KEY_EMPTY");
    }
    Known permanent = keys.find(m.permAuthKeyId());
    KeyBinding sealed =
        permanent == null || permanent.permanentId() != m.permAuthKeyId()
            ? null
            : KeyBinding.open(permanent.key(), m.encryptedMessage());
    var vouched = new BindAuthKeyInner(m.nonce(), id, m.permAuthKeyId(), sessionId, m.expiresAt());
    if (sealed == null || !sealed.equals(new KeyBinding(msgId, vouched))) {
      return Answer.refusal(400, "ENCRYPTED_MESSAGE_INVALID");
    }
    if (m.expiresAt() <= env.unixSeconds()) {
      return Answer.refusal(400, "EXPIRES_AT_INVALID");
    }
    return switch (keys.bindTemporary(id, m.permAuthKeyId(), m.expiresAt())) {
      case BOUND -> Answer.result(true);
      case BOUND_ALREADY -> Answer.refusal(400, "TEMP_AUTH_KEY_ALREADY_BOUND");
      case NONE -> Answer.refusal(400, "TEMP_AUTH_KEY_EMPTY");
    };
  }
}

package dev.starling.client;

import dev.starling.mtproto.AuthKey;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.KeyBinding;
import dev.starling.tl.api.AuthBindTempAuthKey;
import dev.starling.tl.mt.BindAuthKeyInner;

/**
 * A key that packets go under for a while (core.telegram.org/api/pfs): who takes the permanent one
 * later cannot read what was said under it.
 *
 * @param made what its handshake ended with
 * @param expires unix time by the server's clock
 * @param renewMillis by our clock, when another one is due
 */
record TemporaryKey(Credentials made, int expires, long renewMillis) {
  /** Of its life a tenth is left when it is renewed: time for a network that comes and goes. */
  private static final double RENEWED_AT = 0.9;

  static TemporaryKey of(Credentials made, int lifeSeconds, Env env) {
    long now = env.clock().millis();
    long server = now + made.timeOffsetMillis();
    return new TemporaryKey(
        made,
        Math.toIntExact(server / 1000) + lifeSeconds,
        now + (long) (lifeSeconds * 1000L * RENEWED_AT));
  }

  /** The call by which the permanent key vouches for it, in the message {@code msgId}. */
  AuthBindTempAuthKey binding(AuthKey permanent, long nonce, long sessionId, long msgId, Env env) {
    var inner = new BindAuthKeyInner(nonce, made.key().id(), permanent.id(), sessionId, expires);
    byte[] sealed = new KeyBinding(msgId, inner).seal(permanent, env.random());
    return new AuthBindTempAuthKey(permanent.id(), nonce, expires, sealed);
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.ClientTransport;
import dev.starling.mtproto.Env;
import dev.starling.mtproto.Framing;
import dev.starling.mtproto.Greeting;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.TlsGreeting;
import dev.starling.mtproto.WebSocketGreeting;
import org.jspecify.annotations.Nullable;

/**
 * A way to come in.
 *
 * @param tls whether the WebSocket lies in real TLS
 */
record Way(
    Framing framing,
    boolean obfuscated,
    @Nullable ProxySecret secret,
    boolean webSocket,
    boolean tls) {

  static Way plain(Framing framing) {
    return new Way(framing, false, null, false, false);
  }

  static Way of(Framing framing, @Nullable ProxySecret secret) {
    return new Way(framing, secret != null, secret, false, false);
  }

  static Way webSocket(Framing framing, boolean tls) {
    return new Way(framing, true, null, true, tls);
  }

  @Nullable Greeting greeting(Env env) {
    if (webSocket) {
      return new WebSocketGreeting("localhost", "/apiws", env.random());
    }
    return secret != null && secret.isForTls()
        ? new TlsGreeting(secret, secret.domain(), env)
        : null;
  }

  ClientTransport transport(Env env) {
    return webSocket
        ? ClientTransport.inWebSocket(framing, 2, env.random())
        : new ClientTransport(framing, obfuscated, secret, 2, env.random());
  }
}

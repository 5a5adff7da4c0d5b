package dev.starling.client;

import dev.starling.mtproto.PublicKey;
import java.util.List;

/**
 * What a client must know beforehand.
 *
 * @param keys the RSA keys of the service, of which the server may use any
 * @param keySeconds how long a temporary key lives under which packets go; 0 to send them under the
 *     permanent key
 */
public record Settings(Endpoint endpoint, List<PublicKey> keys, Device device, int keySeconds) {
  /** As long as Telegram's own clients let one live. */
  public static final int KEY_SECONDS = 24 * 3600;

  public Settings {
    keys = List.copyOf(keys);
  }

  /** Of a client without temporary keys. */
  public Settings(Endpoint endpoint, List<PublicKey> keys, Device device) {
    this(endpoint, keys, device, 0);
  }

  /** With perfect forward secrecy. */
  public Settings withTemporaryKeys(int seconds) {
    return new Settings(endpoint, keys, device, seconds);
  }
}

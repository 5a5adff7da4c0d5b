package dev.starling.client;

import dev.starling.mtproto.PublicKey;
import java.util.List;

/**
 * What a client must know beforehand.
 *
 * @param keys the RSA keys of the service, of which the server may use any
 */
public record Settings(Endpoint endpoint, List<PublicKey> keys, Device device) {
  public Settings {
    keys = List.copyOf(keys);
  }
}

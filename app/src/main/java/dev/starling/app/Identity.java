package dev.starling.app;

import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ServerKey;
import dev.starling.store.RocksStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * What clients know a service by. Losing it loses the clients, so it is never made anew beside a
 * store.
 *
 * @param keys the RSA keys of the handshake
 * @param secret of the proxy links that end at the server itself
 */
record Identity(ServerKeys keys, ProxySecret secret) {
  /** Reads the identity, or makes that of a new service. */
  static Identity openOrCreate(DataFolder data, RandomGenerator random) {
    if (RocksStore.exists(data.store())) {
      require(data.serverKey());
      require(data.secret());
    }
    ServerKeys keys =
        PrivateFile.readOrCreate(
            data.serverKey(), ServerKeys::parse, () -> ServerKeys.generate(random).format());
    ProxySecret secret =
        PrivateFile.readOrCreate(
            data.secret(), ProxySecret::parse, () -> newSecret(random).format());
    publish(data.publicKey(), keys.newest().publicPem());
    return new Identity(keys, secret);
  }

  /**
   * Reads the identity of a service that there is.
   *
   * @throws Problem if there is none
   */
  static Identity open(DataFolder data, RandomGenerator random) {
    require(data.serverKey());
    return openOrCreate(data, random);
  }

  private static void require(Path file) {
    if (!Files.exists(file)) {
      throw new Problem(
          file + " is missing, and the clients of this service know it by that: put it back");
    }
  }

  private static ProxySecret newSecret(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return new ProxySecret(bytes, ProxySecret.Kind.PLAIN);
  }

  /** No newline at the end: clients that have a key compiled in have no room for one. */
  private static void publish(Path file, String pem) {
    try {
      if (!Files.exists(file) || !Files.readString(file).equals(pem)) {
        Files.writeString(file, pem);
      }
    } catch (IOException e) {
      throw DataFolder.failure(file, e);
    }
  }

  /** The RSA key that is announced. */
  ServerKey key() {
    return keys.newest();
  }

  /** The public key's fingerprint, 16 hexadecimal digits. */
  String fingerprint() {
    return "%016x".formatted(key().fingerprint());
  }

  /** The secret for clients that shall pad. */
  ProxySecret padded() {
    return new ProxySecret(secret.key16(), ProxySecret.Kind.PADDED);
  }
}

package dev.starling.app;

import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ServerKey;
import dev.starling.store.RocksStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

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
            data.secret(), Identity::parseSecret, () -> formatSecret(newSecret(random)));
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

  /** One flipped bit makes another secret, and no link would lead here any more. */
  private static String formatSecret(ProxySecret secret) {
    return secret.format() + "\n" + checkLine(secret);
  }

  /**
   * Reads a secret, with its checksum or, as an operator may have put it there, without.
   *
   * @throws IllegalArgumentException if the text is no secret, or the checksum is another's
   */
  static ProxySecret parseSecret(String text) {
    List<String> lines = text.strip().lines().toList();
    ProxySecret secret = ProxySecret.parse(lines.isEmpty() ? "" : lines.getFirst());
    if (lines.size() > 1 && !lines.subList(1, lines.size()).equals(List.of(checkLine(secret)))) {
      throw new IllegalArgumentException("the checksum does not fit");
    }
    return secret;
  }

  private static String checkLine(ProxySecret secret) {
    CRC32 crc = new CRC32();
    crc.update(secret.format().getBytes(StandardCharsets.US_ASCII));
    return "crc32 %08x".formatted(crc.getValue());
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

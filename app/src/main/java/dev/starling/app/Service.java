package dev.starling.app;

import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.PublicKey;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client must know of a service.
 *
 * @param host an address, or a name
 * @param pem the public key, PKCS#1, without a last newline
 * @param secret of the proxy that ends at the server; null if it is not known
 */
record Service(String host, int port, int dc, String pem, @Nullable ProxySecret secret) {
  private static final int KEY_BYTES_MAX = 10_000;

  /**
   * Finds it.
   *
   * @param data asked for what the options leave out
   * @param server HOST:PORT
   * @param key a PEM file; with one, the service is somebody else's
   */
  static Service find(DataFolder data, @Nullable String server, @Nullable Path key) {
    if (key == null && !Files.exists(data.publicKey())) {
      throw new Problem(
          "there is no server's public key in %s: start a server there by starling up, or name one by --server and --key"
              .formatted(data.root()));
    }
    if (key != null && server == null) {
      throw new Problem("--key is of a service that --server must name too: HOST:PORT");
    }
    String pem = readPem(key == null ? data.publicKey() : key);
    Configuration configuration = Configuration.read(data, Map.of());
    int dc = configuration.get(ServerSettings.DC);
    ProxySecret secret = key == null ? secret(data) : null;
    if (server != null) {
      int colon = server.lastIndexOf(':');
      return new Service(host(server, colon), port(server, colon), dc, pem, secret);
    }
    Map<String, Object> status =
        AdminClient.ask(data.adminSocket(), Json.object("command", "status"));
    if (status != null && status.get("port") instanceof Integer port) {
      return new Service(Operations.text(status, "address"), port, dc, pem, secret);
    }
    var listen = configuration.get(ServerSettings.LISTEN);
    InetAddress told = configuration.get(ServerSettings.ANNOUNCE).orElse(listen.getAddress());
    return new Service(Addresses.text(told), listen.getPort(), dc, pem, secret);
  }

  private static String host(String server, int colon) {
    String host = server.substring(0, Math.max(colon, 0));
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String server, int colon) {
    try {
      int port = Integer.parseInt(server.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // None.
    }
    throw new Problem("--server '%s' is no HOST:PORT, such as 203.0.113.5:443".formatted(server));
  }

  /**
   * The text of a public key.
   *
   * @throws Problem if the file holds none
   */
  static String readPem(Path file) {
    try {
      if (Files.size(file) > KEY_BYTES_MAX) {
        throw new IllegalArgumentException("too long");
      }
      String pem = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      var _ = PublicKey.fromPem(pem);
      return pem;
    } catch (IllegalArgumentException e) {
      throw new Problem(file + " is no RSA public key in PEM: name the service's by --key", e);
    } catch (IOException e) {
      throw new Problem("cannot read " + file + ": name the service's public key by --key", e);
    }
  }

  /** The secret of the server's own links; null if it cannot be read: the key alone will do. */
  static @Nullable ProxySecret secret(DataFolder data) {
    try {
      return Identity.parseSecret(Files.readString(data.secret()));
    } catch (IOException | IllegalArgumentException _) {
      return null;
    }
  }

  /** Its IPv4 address; empty if it has another or a name. */
  Optional<String> ipv4() {
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      return address instanceof Inet4Address
          ? Optional.of(Addresses.text(address))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Host and port, the host in brackets if it has colons. */
  String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** 16 hexadecimal digits. */
  String fingerprint() {
    return "%016x".formatted(PublicKey.fromPem(pem).fingerprint());
  }

  /** The secret for clients that shall pad; empty if none is known. */
  Optional<ProxySecret> padded() {
    return Optional.ofNullable(secret)
        .map(known -> new ProxySecret(known.key16(), ProxySecret.Kind.PADDED));
  }

  /** The link that adds it to a client as a proxy; empty without a secret. */
  Optional<String> link() {
    return padded()
        .map(
            known ->
                "tg://proxy?server=%s&port=%d&secret=%s".formatted(host, port, known.format()));
  }
}

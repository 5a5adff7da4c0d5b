package dev.starling.app;

import dev.starling.client.Endpoint;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server that a chat speaks to.
 *
 * @param sessions where its sessions are kept
 */
record ChatServer(Endpoint endpoint, PublicKey key, Path sessions) {
  /** A server of one data centre answers to any; 2 is what the README tells other clients. */
  private static final int DC = 2;

  /**
   * Finds it: by the options, and for what they leave out by the files of a server in {@code data}.
   *
   * @param server HOST:PORT
   * @param key a PEM file; with one, the server is taken for somebody else's
   * @param secret in hexadecimal or base64
   */
  static ChatServer find(
      DataFolder data, @Nullable String server, @Nullable Path key, @Nullable String secret) {
    if (key == null && !Files.exists(data.publicKey())) {
      throw new Problem(
          "there is no server's public key in %s: start a server there by starling up, or name one by --server and --key"
              .formatted(data.root()));
    }
    PublicKey publicKey = PublicKey.fromPem(Service.readPem(key == null ? data.publicKey() : key));
    String address = server == null ? ownAddress(data) : server;
    ProxySecret proxySecret =
        secret != null ? parseSecret(secret) : key == null ? Service.secret(data) : null;
    Endpoint endpoint = endpoint(address, proxySecret);
    Path sessions =
        key == null
            ? data.root().resolve("chat")
            : home().resolve(".starling-chat").resolve(address.replaceAll("[^\\w.-]", "_"));
    return new ChatServer(endpoint, publicKey, sessions);
  }

  /** Where the server that runs on these data listens; where it would if none runs. */
  private static String ownAddress(DataFolder data) {
    Map<String, Object> status =
        AdminClient.ask(data.adminSocket(), Json.object("command", "status"));
    if (status != null && status.get("local") instanceof String local) {
      return local;
    }
    return Addresses.text(Configuration.read(data, Map.of()).get(ServerSettings.LISTEN));
  }

  /** STARLING_HOME, else the person's own. */
  private static Path home() {
    String home = System.getenv("STARLING_HOME");
    return Path.of(home == null ? System.getProperty("user.home") : home);
  }

  private static ProxySecret parseSecret(String secret) {
    try {
      return ProxySecret.parse(secret);
    } catch (IllegalArgumentException e) {
      throw new Problem("--secret is none: " + e.getMessage(), e);
    }
  }

  private static Endpoint endpoint(String address, @Nullable ProxySecret secret) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(colon, 0));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      if (!host.isEmpty()) {
        return new Endpoint(host, Integer.parseInt(address.substring(colon + 1)), DC, secret);
      }
    } catch (IllegalArgumentException _) {
      // No port.
    }
    throw new Problem(
        "'%s' is no HOST:PORT, such as %s".formatted(address, ServerSettings.LISTEN.fallback()));
  }
}

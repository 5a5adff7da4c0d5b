package dev.starling.app;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What a server that has just begun to listen tells its operator.
 *
 * @param address what clients are told
 * @param took from the start of the process
 */
record Ready(InetSocketAddress address, Identity identity, DataFolder data, Duration took) {
  Map<String, Object> json() {
    return Json.object(
        "event", "ready",
        "address", host(),
        "port", address.getPort(),
        "fingerprint", identity.fingerprint(),
        "publicKey", data.publicKey().toAbsolutePath().normalize().toString(),
        "secret", identity.secret().format(),
        "padded", identity.padded().format(),
        "readyMillis", took.toMillis());
  }

  String text() {
    String padded = identity.padded().format();
    String user = "./starling user add \"Alice\"" + dataOption();
    return String.format(
        Locale.ROOT,
        """
        Starling %s is ready after %.2f s. Its data are in %s.

          address      %s
          fingerprint  %s
          public key   %s
          secret       %s, or with padding %s

        Add somebody, which prints a number and a one-time code:
          %s
        Then talk with
          this terminal          ./starling chat%s
          mtcute                 defaultDcs: main {id: 2, ipAddress: '%s', port: %d};
                                 the public key by addPublicKey(crypto, pem, false)
          TDLib and apps on it   the public key in place of Telegram's, then the proxy
                                 tg://proxy?server=%s&port=%d&secret=%s
        Ctrl-C or SIGTERM stops it in order.\
        """,
        VersionCommand.version(),
        took.toMillis() / 1000.0,
        data.root().toAbsolutePath().normalize(),
        Addresses.text(address),
        identity.fingerprint(),
        data.publicKey(),
        identity.secret().format(),
        padded,
        user,
        dataOption(),
        host(),
        address.getPort(),
        host(),
        address.getPort(),
        padded);
  }

  private String dataOption() {
    String folder = data.root().toString();
    return folder.equals("data") ? "" : " --data " + Shell.word(folder);
  }

  private String host() {
    return Addresses.text(address.getAddress());
  }
}

package dev.starling.e2e;

import java.io.IOException;
import java.nio.file.Path;

/** A service that clients are tried on. */
interface Service extends AutoCloseable {
  /** What clients must know to come in. */
  record Ready(
      String address,
      int port,
      String fingerprint,
      Path publicKey,
      String secret,
      String padded,
      long readyMillis) {}

  /** Somebody the operator let in. */
  record Account(long id, String number, String code) {
    Account withCode(String code) {
      return new Account(id, number, code);
    }
  }

  Ready ready();

  String publicKey() throws IOException;

  /** Lets somebody in; without a name they choose one when they sign up. */
  Account addUser(String... name) throws IOException;

  /** The same person with another code, for another device. */
  Account anotherCode(Account account) throws IOException;

  /** Ends it in peace; its exit code. */
  int stop();

  /** Starts again where this one was: same data, same port. */
  Service again() throws IOException;

  @Override
  void close();
}

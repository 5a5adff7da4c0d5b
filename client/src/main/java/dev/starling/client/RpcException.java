package dev.starling.client;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;

/**
 * The server refused a call with {@code rpc_error}. It carries no stack trace of its own: the fault
 * is in what was asked.
 */
public final class RpcException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private static final String FLOOD_WAIT = "FLOOD_WAIT_";

  private final int code;
  private final String error;

  RpcException(int code, String error) {
    super(code + " " + error, null, false, false);
    this.code = code;
    this.error = error;
  }

  /**
   * As in HTTP: 400 a mistake, 401 not signed in, 420 too often, 500 and above the server's own.
   */
  public int code() {
    return code;
  }

  /** The documented name, as {@code PHONE_CODE_INVALID}. */
  public String error() {
    return error;
  }

  /** "420 FLOOD_WAIT_X: a wait of X seconds is required before repeating the action." */
  public Optional<Duration> floodWait() {
    if (!error.startsWith(FLOOD_WAIT)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Duration.ofSeconds(Integer.parseInt(error, FLOOD_WAIT.length(), error.length(), 10)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** Whether the same call may well succeed a little later. */
  boolean isPassing() {
    return code < 0 || (code >= 500 && code != 501);
  }
}

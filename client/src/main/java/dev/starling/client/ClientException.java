package dev.starling.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call or connection came to nothing, for a reason that is not the server's refusal. */
public final class ClientException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** Nobody answers at the address, or who answers does not speak MTProto with this secret. */
    UNREACHABLE,
    /** The server did not prove that it holds one of the keys of the settings. */
    UNTRUSTED,
    /** The server does not know the auth key (any more): a new one must be made, and a sign-in. */
    KEY_FORGOTTEN,
    /** The server is of another data centre than the endpoint says. */
    WRONG_DC,
    /** {@link StarlingClient#close} was called. */
    CLOSED,
    /** More calls without an answer than a session may have. */
    OVERLOADED,
    /**
     * The call was given up, and may or may not have been executed; or its answer cannot be read.
     */
    FAILED
  }

  private final Reason reason;

  ClientException(Reason reason, String message) {
    this(reason, message, null);
  }

  ClientException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

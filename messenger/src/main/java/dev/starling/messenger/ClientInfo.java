package dev.starling.messenger;

/**
 * What a client says of itself in {@code initConnection} (core.telegram.org/method/initConnection).
 * Claims, not facts.
 *
 * @param apiId the application's id
 */
public record ClientInfo(int apiId, String deviceModel, String systemVersion, String appVersion) {
  /** A client that has not introduced itself. */
  public static final ClientInfo UNKNOWN = new ClientInfo(0, "", "", "");
}

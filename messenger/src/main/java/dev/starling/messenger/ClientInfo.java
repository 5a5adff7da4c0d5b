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

  /**
   * Characters kept of each: a session holds them for as long as it lives, and some packed bytes
   * make a megabyte.
   */
  static final int LENGTH_MAX = 128;

  public ClientInfo {
    deviceModel = cut(deviceModel);
    systemVersion = cut(systemVersion);
    appVersion = cut(appVersion);
  }

  private static String cut(String claim) {
    return claim.length() <= LENGTH_MAX ? claim : claim.substring(0, LENGTH_MAX);
  }
}

package dev.starling.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Telegram's data centres (core.telegram.org/api/datacenter). They serve media by the same
 * addresses as all else.
 */
public final class DataCentres {
  private static final int PORT = 443;

  /** "+10000 = test." */
  private static final int TEST = 10_000;

  /** Where clients begin; whoever asks for a data centre that does not exist is sent there. */
  private static final int DEFAULT = 2;

  private static final Map<Integer, List<InetSocketAddress>> PRODUCTION =
      Map.of(
          1, at("149.154.175.50", "2001:b28:f23d:f001::a"),
          2, at("149.154.167.51", "95.161.76.100", "2001:67c:4e8:f002::a"),
          3, at("149.154.175.100", "2001:b28:f23d:f003::a"),
          4, at("149.154.167.91", "2001:67c:4e8:f004::a"),
          5, at("149.154.171.5", "2001:b28:f23f:f005::a"),
          203, at("91.105.192.100", "2a0a:f280:203:a:5000::100"));

  private static final Map<Integer, List<InetSocketAddress>> TESTING =
      Map.of(
          1, at("149.154.175.10", "2001:b28:f23d:f001::e"),
          2, at("149.154.167.40", "2001:67c:4e8:f002::e"),
          3, at("149.154.175.117", "2001:b28:f23d:f003::e"));

  private DataCentres() {}

  private static List<InetSocketAddress> at(String... addresses) {
    return Arrays.stream(addresses)
        .map(address -> new InetSocketAddress(InetAddress.ofLiteral(address), PORT))
        .toList();
  }

  /**
   * Where the data centre of an obfuscated2 header is, best first.
   *
   * @param dc +10000 = test, negative = media
   */
  public static List<InetSocketAddress> addresses(int dc) {
    int number = Math.abs(dc);
    boolean isTest = number > TEST;
    Map<Integer, List<InetSocketAddress>> table = isTest ? TESTING : PRODUCTION;
    List<InetSocketAddress> found = table.get(isTest ? number - TEST : number);
    return found != null ? found : Objects.requireNonNull(table.get(DEFAULT));
  }

  /** All data centres of production, for a look at each. */
  public static Map<Integer, List<InetSocketAddress>> production() {
    return PRODUCTION;
  }
}

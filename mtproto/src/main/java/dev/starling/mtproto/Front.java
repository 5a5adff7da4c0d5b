package dev.starling.mtproto;

import java.util.List;

/**
 * A proxy that stands before a service and brings its clients over links: one connection for each
 * client, begun by fake TLS under the front's own secret. In its records the client's obfuscated2
 * stream goes on untouched, made with the secret of the client's cell.
 *
 * @param name for the service's own accounts
 * @param secret of its links
 * @param cells the secrets of its users; each fits whatever framing its client has
 */
public record Front(String name, ProxySecret secret, List<ProxySecret> cells) {
  /** A header is tried with each, under a microsecond a secret. */
  public static final int CELLS_MAX = 256;

  public Front {
    cells = List.copyOf(cells);
    if (cells.isEmpty() || cells.size() > CELLS_MAX) {
      throw new IllegalArgumentException("a front has 1 to " + CELLS_MAX + " cells");
    }
    if (cells.stream().anyMatch(cell -> cell.kind() != ProxySecret.Kind.PLAIN)) {
      throw new IllegalArgumentException("a cell's secret is 16 bytes and nothing else");
    }
  }
}

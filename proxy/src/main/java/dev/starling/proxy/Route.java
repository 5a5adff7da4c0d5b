package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Greeting;
import dev.starling.mtproto.ProxiedHeader;
import dev.starling.mtproto.TlsGreeting;
import dev.starling.mtproto.TlsRecords;
import dev.starling.proxy.Reception.Step.Admitted;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a client goes and what happens to its bytes.
 *
 * @param greeting what the connection begins with, before {@code opening}; null if nothing
 * @param opening what the upstream is sent first
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier
record Route(
    List<InetSocketAddress> addresses,
    @Nullable Greeting greeting,
    byte[] opening,
    Transform up,
    Transform down) {

  static Route of(Upstream upstream, Admitted client, Env env) {
    return switch (upstream) {
      case Upstream.Direct direct -> direct(direct, client, env);
      case Upstream.Link link -> link(link, client, env);
    };
  }

  private static Route direct(Upstream.Direct upstream, Admitted client, Env env) {
    ProxiedHeader.ToDataCentre way = client.header().toDataCentre(client.secret(), env.random());
    byte[] inner = client.inner();
    byte[] opening =
        inner.length == 0 ? way.header() : join(way.header(), way.forward(inner, 0, inner.length));
    Transform.ToDataCentre recrypted = new Transform.ToDataCentre(way);
    var records = client.records();
    boolean isDisguised = records != null;
    return new Route(
        upstream.addresses().apply(way.dc()),
        null,
        opening,
        records == null
            ? recrypted
            : new Transform.RecordsToDataCentre(new Transform.OutOfRecords(records), recrypted),
        isDisguised ? Transform.INTO_RECORDS : Transform.COPY);
  }

  /** "Behind an ee client both handshakes are followed by a plain splice." */
  private static Route link(Upstream.Link upstream, Admitted client, Env env) {
    Greeting greeting = new TlsGreeting(upstream.secret(), upstream.secret().domain(), env);
    List<InetSocketAddress> addresses = upstream.addresses().get();
    return client.records() != null
        ? new Route(addresses, greeting, client.raw(), Transform.COPY, Transform.COPY)
        : new Route(
            addresses,
            greeting,
            join(TlsRecords.changeCipherSpec(), TlsRecords.wrap(client.raw())),
            Transform.INTO_RECORDS,
            new Transform.OutOfRecords(TlsRecords.Reader.ofServer()));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}

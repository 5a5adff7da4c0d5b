package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.ProxiedHeader;
import dev.starling.proxy.Reception.Step.Admitted;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Where a client goes and what happens to its bytes.
 *
 * @param opening what the upstream is sent first
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier
record Route(List<InetSocketAddress> addresses, byte[] opening, Transform up, Transform down) {

  static Route of(Upstream upstream, Admitted client, Env env) {
    return switch (upstream) {
      case Upstream.Direct direct -> direct(direct, client, env);
    };
  }

  private static Route direct(Upstream.Direct upstream, Admitted client, Env env) {
    ProxiedHeader.ToDataCentre way = client.header().toDataCentre(client.secret(), env.random());
    byte[] header = way.header();
    byte[] inner = client.inner();
    byte[] opening = Arrays.copyOf(header, header.length + inner.length);
    if (inner.length > 0) {
      System.arraycopy(
          way.forward(inner, 0, inner.length), 0, opening, header.length, inner.length);
    }
    Transform.ToDataCentre recrypted = new Transform.ToDataCentre(way);
    var records = client.records();
    return records == null
        ? new Route(upstream.addresses().apply(way.dc()), opening, recrypted, Transform.COPY)
        : new Route(
            upstream.addresses().apply(way.dc()),
            opening,
            new Transform.RecordsToDataCentre(new Transform.OutOfRecords(records), recrypted),
            Transform.INTO_RECORDS);
  }
}

package dev.starling.proxy;

import io.netty.channel.Channel;

/** The relay by Netty: two handlers, each reading one side and writing to the other. */
final class NettyRelay implements Relay {
  private final Common common;

  NettyRelay(Common common) {
    this.common = common;
  }

  @Override
  public void join(Channel client, Channel upstream, Ways ways, byte[] held) {
    Pipe up = new Pipe(client, upstream, ways.up(), ways.meter()::up, true, common);
    Pipe down = new Pipe(upstream, client, ways.down(), ways.meter()::down, false, common);
    up.pair(down);
    client.pipeline().addLast(up);
    upstream.pipeline().addLast(down);
    up.begin(client.pipeline().context(up), held);
    down.begin(upstream.pipeline().context(down), new byte[0]);
  }
}

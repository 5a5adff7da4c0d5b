package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.ReplayCache;
import dev.starling.mtproto.Replays;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The proxy: listens, and relays who may pass to the upstream and everybody else to the origin. */
@SuppressWarnings("FutureReturnValueIgnored") // of closing channels
public final class ProxyServer implements AutoCloseable {
  /** Time to write out what is under way. */
  private static final int CLOSE_MILLIS = 2000;

  private final Common common;
  private final Relay relay;
  private final EventLoopGroup loops;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listening = new ArrayList<>();

  /**
   * @param hellos remembers hellos for {@link FakeTls#REMEMBERED}, over restarts too
   * @param headers remembers the headers of plain and {@code dd} clients as long as it can
   */
  public ProxyServer(
      ProxySettings settings,
      Collection<User> users,
      Upstream upstream,
      Replays hellos,
      Replays headers,
      Env env) {
    common =
        new Common(
            settings,
            new Users(users),
            new FakeTls(List.of(), hellos, env),
            new Shapes(settings.origin(), env),
            headers,
            upstream,
            new Counters(),
            new Impact(env),
            new Defects(),
            env);
    relay = new NettyRelay(common);
    loops = Sockets.group(settings.eventLoops());
  }

  /** As above, with what it remembers in memory only. */
  public ProxyServer(ProxySettings settings, Collection<User> users, Upstream upstream, Env env) {
    this(settings, users, upstream, cache(), cache(), env);
  }

  private static Replays cache() {
    return new ReplayCache(FakeTls.REMEMBERED, FakeTls.REPLAYS_MAX);
  }

  /**
   * Begins to listen.
   *
   * @return the addresses, with their true ports
   * @throws IOException if one cannot be had, for instance because it is in use; its message names
   *     it
   */
  public List<InetSocketAddress> start() throws IOException {
    List<InetSocketAddress> bound = new ArrayList<>();
    for (InetSocketAddress address : common.settings().listen()) {
      ChannelFuture done =
          Sockets.server(loops)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      accept(channel);
                    }
                  })
              .bind(address)
              .awaitUninterruptibly();
      if (!done.isSuccess()) {
        throw done.cause() instanceof IOException e ? e : new IOException(done.cause());
      }
      listening.add(done.channel());
      bound.add((InetSocketAddress) done.channel().localAddress());
    }
    return bound;
  }

  private void accept(Channel channel) {
    common.counters().connections.increment();
    if (open.size() >= common.settings().connections()) {
      channel.close();
      return;
    }
    open.add(channel);
    channel.pipeline().addLast(new ClientSocket(channel, common, relay));
  }

  /**
   * Lets somebody in, or changes their limits; holds for the next connection.
   *
   * @throws IllegalArgumentException if the name belongs to another secret, or the site has as many
   *     users as one hello may be tried with
   */
  public void put(User user) {
    common.users().put(user);
  }

  /**
   * Lets nobody in by this user's secret any more.
   *
   * @param drop whether their connections are cut off; else they end when their clients like
   * @return whether there was such a user
   */
  public boolean revoke(String name, boolean drop) {
    return common.users().revoke(name, drop);
  }

  /** What each user uses. */
  public List<UserStats> users() {
    return common.users().members().stream().map(Member::stats).toList();
  }

  /** What the proxy has done and has open. */
  public ProxyStats stats() {
    return ProxyStats.of(common.counters(), open.size(), common.defects().count());
  }

  /** How many people it has helped today. */
  public Impact.Day impact() {
    return common.impact().today();
  }

  /** Takes no more connections; those that are open go on. */
  public void stopListening() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    listening.clear();
  }

  @Override
  public void close() {
    stopListening();
    open.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}

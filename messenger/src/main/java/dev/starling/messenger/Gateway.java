package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.Front;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ReplayCache;
import dev.starling.mtproto.Replays;
import dev.starling.mtproto.Scheduler.Cancellable;
import dev.starling.mtproto.ServerKey;
import dev.starling.mtproto.ServerTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in: one port, MTProto clients of every transport that {@link ServerTransport} tells
 * apart. It owns sockets, sessions and the order of calls, and asks {@link Methods} for what they
 * mean.
 *
 * <p>Threads: a few event loops for sockets, packets and ciphers; a few platform threads for
 * handshakes; a virtual thread for each session that has calls to answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // of closing channels
public final class Gateway implements AutoCloseable {
  /**
   * What one gateway is.
   *
   * @param address where to listen; port 0 is any free one
   * @param serverKeys the RSA keys that clients may know the service by now
   * @param secrets of the proxy addresses that end here, tried in this order, then none
   * @param eventLoops threads for sockets, 1 to 64
   * @param certificate ends TLS for WebSockets; null where something in front does, or nobody
   * @param fronts whose links end here
   * @param hellos those of fake TLS that have come, for {@link FakeTls#REMEMBERED} at least
   * @param headers those of obfuscated2 under a secret that have come; they carry no time, so what
   *     is forgotten can be played again
   */
  public record Settings(
      InetSocketAddress address,
      Supplier<List<ServerKey>> serverKeys,
      List<ProxySecret> secrets,
      GatewayLimits limits,
      int eventLoops,
      @Nullable GatewayCertificate certificate,
      List<Front> fronts,
      Replays hellos,
      Replays headers) {
    public Settings {
      secrets = List.copyOf(secrets);
      fronts = List.copyOf(fronts);
    }

    /** Without fronts, and remembering first bytes until it ends. */
    public Settings(
        InetSocketAddress address,
        Supplier<List<ServerKey>> serverKeys,
        List<ProxySecret> secrets,
        GatewayLimits limits,
        int eventLoops,
        @Nullable GatewayCertificate certificate) {
      this(
          address,
          serverKeys,
          secrets,
          limits,
          eventLoops,
          certificate,
          List.of(),
          new ReplayCache(FakeTls.REMEMBERED, FakeTls.REPLAYS_MAX),
          new ReplayCache(FakeTls.REMEMBERED, FakeTls.REPLAYS_MAX));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** Linux's own selector and sockets, without the JDK's between. */
  private static final boolean EPOLL = Epoll.isAvailable();

  /** Reconnects come in bursts after a block: as many may wait to be accepted. */
  private static final int BACKLOG = 1024;

  /**
   * Netty's own share of what a slow peer may leave unread: above the second mark nothing more is
   * made for it.
   */
  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(64 << 10, 256 << 10);

  /** What was idle since the last time keeps no ciphers. */
  private static final Duration REST_EVERY = Duration.ofSeconds(20);

  /** One bucket of auth keys at a time, so that all are looked through in ten minutes. */
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  /** After the calls are answered: time to write the answers out. */
  private static final Duration FLUSH_MAX = Duration.ofSeconds(2);

  final AuthKeys keys;
  final SessionRegistry registry;
  final Handshakes handshakes;
  final GatewayCounters counters = new GatewayCounters();
  final Defects defects = new Defects();
  final Env env;
  final FakeTls fakeTls;
  final Sources sources;
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicBoolean reclaiming = new AtomicBoolean();
  private volatile @Nullable Cancellable resting;
  private final Settings settings;
  private final EventLoopGroup loops;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("calls-", 0).factory());
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private @Nullable Channel listening;
  private volatile @Nullable Cancellable sweeping;

  public Gateway(Settings settings, AuthKeys keys, Env env) {
    this.settings = settings;
    this.keys = keys;
    this.env = env;
    List<ProxySecret> greeted = new ArrayList<>();
    settings.fronts.forEach(front -> greeted.add(front.secret()));
    greeted.addAll(settings.secrets);
    this.fakeTls = new FakeTls(greeted, settings.hellos, env);
    this.sources = new Sources(settings.limits);
    this.registry = new SessionRegistry(keys, settings.limits, counters, env);
    this.handshakes =
        new Handshakes(
            settings.serverKeys, keys, registry, settings.limits, counters, defects, calls, env);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            settings.eventLoops, EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** Where methods push updates to. */
  public Sessions sessions() {
    return registry;
  }

  /**
   * Begins to listen.
   *
   * @return the address, with its true port
   * @throws IOException if the address cannot be had, for instance because it is in use
   */
  public InetSocketAddress start(Methods methods) throws IOException {
    Dispatch dispatch =
        new Dispatch(keys, new KeyBinder(keys, env), methods, registry, calls, counters, defects);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            // A restart must not wait for the former process's connections to time out.
            .option(ChannelOption.SO_REUSEADDR, true)
            // Packets are small and each is somebody's turn: none waits for the next.
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, dispatch);
                  }
                })
            .bind(settings.address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw refusal(bound.cause());
    }
    listening = bound.channel();
    restLater();
    sweepLater();
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** Why there is no listening, in the system's words alone: each transport has its own before. */
  private static IOException refusal(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    var refusal = new BindException(message.substring(message.lastIndexOf(": ") + 1).strip());
    refusal.initCause(cause);
    return refusal;
  }

  private void sweepLater() {
    sweeping = env.scheduler().after(SWEEP_EVERY, this::sweep);
  }

  private void sweep() {
    try {
      calls.execute(
          () -> {
            try {
              keys.sweep();
            } catch (RuntimeException e) {
              defects.log("expired auth keys", e);
            }
          });
      sweepLater();
    } catch (RejectedExecutionException _) {
      // The gateway closes.
    }
  }

  private void accept(Channel channel, Dispatch dispatch) {
    Object source = Sources.of(channel.remoteAddress());
    if (open.size() >= settings.limits.connections() || !sources.enter(source)) {
      counters.connectionsRefused.increment();
      channel.close();
      return;
    }
    open.add(channel);
    channel
        .pipeline()
        .addLast(new Wire(channel, source, this, wire -> new Connection(wire, this, dispatch)));
  }

  List<ProxySecret> secrets() {
    return settings.secrets;
  }

  List<Front> fronts() {
    return settings.fronts;
  }

  /** Whether an obfuscated2 header of these keys has not come before. */
  boolean isNewHeader(byte[] keys) {
    return settings.headers.add(keys, env.clock().millis());
  }

  @Nullable GatewayCertificate certificate() {
    return settings.certificate;
  }

  /**
   * What connections hold of packets that have not come whole has grown by so much. Beyond the
   * limit those who hold most are closed until a quarter is free: to read no more would leave all
   * of it held for ever, as only reading completes a packet.
   */
  void held(long grown) {
    long limit = settings.limits.heldBytes();
    if (heldBytes.addAndGet(grown) <= limit || !reclaiming.compareAndSet(false, true)) {
      return;
    }
    try {
      List<Wire> largest = new ArrayList<>();
      open.forEach(channel -> largest.add(channel.pipeline().get(Wire.class)));
      largest.removeIf(wire -> wire == null || wire.heldBytes() == 0);
      largest.sort(Comparator.comparingInt(Wire::heldBytes).reversed());
      long excess = heldBytes.get() - limit / 4 * 3;
      for (Wire wire : largest) {
        if (excess <= 0) {
          break;
        }
        excess -= wire.heldBytes();
        counters.dropped.increment();
        wire.close();
      }
    } finally {
      reclaiming.set(false);
    }
  }

  private void restLater() {
    resting = env.scheduler().after(REST_EVERY, this::rest);
  }

  private void rest() {
    eachWire(Wire::restIfIdle);
    restLater();
  }

  /** What it has done and has open. */
  public GatewayStats stats() {
    return counters.snapshot(open.size(), registry.size());
  }

  /**
   * Closes in order: takes no more connections and reads no more, finishes the calls that have
   * come, sends their answers, and closes.
   *
   * @param deadline for the calls; those that run longer are cut off
   */
  public void drain(Duration deadline) throws InterruptedException {
    if (listening != null) {
      listening.close().await();
    }
    eachWire(wire -> wire.hold(this));
    calls.shutdown();
    if (!calls.awaitTermination(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("calls did not end within {}: their clients will repeat them", deadline);
    }
    eachWire(Wire::closeFlushed);
    open.newCloseFuture().await(FLUSH_MAX.toMillis());
    close();
  }

  private void eachWire(Consumer<Wire> action) {
    for (Channel channel : open) {
      Wire wire = channel.pipeline().get(Wire.class);
      if (wire != null) {
        wire.execute(() -> action.accept(wire));
      }
    }
  }

  /** Closes at once: clients see their connections end and send again what was not answered. */
  @Override
  public void close() {
    if (listening != null) {
      listening.close();
    }
    Cancellable rest = resting;
    if (rest != null) {
      rest.cancel();
    }
    Cancellable sweep = sweeping;
    if (sweep != null) {
      sweep.cancel();
    }
    calls.shutdownNow();
    handshakes.close();
    registry.close();
    open.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, FLUSH_MAX.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}

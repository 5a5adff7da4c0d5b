package dev.starling.proxy;

import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.Scheduler.Cancellable;
import dev.starling.mtproto.TlsHello;
import dev.starling.proxy.Reception.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection until it is known whose it is: the adapter between its socket and {@link Reception}.
 * Then the relay has it. Belongs to the channel's event loop.
 *
 * <p>Until a hello is whole the origin is given every byte of it but the last piece, so that it
 * answers whoever breaks off, is slow or sends rubbish, in its own time; a hello that turns out to
 * be a client's it never sees whole.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that tells
final class ClientSocket extends ChannelInboundHandlerAdapter {
  /**
   * A client's hello comes with the end of TCP's own handshake; who is silent for longer gets the
   * origin's patience.
   */
  private static final Duration SILENCE = Duration.ofMillis(20);

  /** Servers give a handshake a minute. */
  private static final Duration HEADER_WITHIN = Duration.ofSeconds(60);

  /** While the origin is down: time for the rest of a client's hello. */
  private static final Duration REST_WITHIN = Duration.ofMillis(500);

  private enum State {
    /** Not known yet. */
    RECEIVING,
    /** Nobody's: for the origin, when it answers. */
    FOREIGN,
    /** It has the flight. */
    GREETED,
    /** A client's, when the upstream answers. */
    OPENING,
    /** The relay's, or closed. */
    OVER
  }

  private final Channel channel;
  private final Common common;
  private final Relay relay;
  private final Reception reception;
  private State state = State.RECEIVING;
  private @Nullable OriginSide origin;
  private @Nullable Dialer dialer;
  private @Nullable Cancellable timer;
  private int forwarded;
  private byte[] held = new byte[0];

  ClientSocket(Channel channel, Common common, Relay relay) {
    this.channel = channel;
    this.common = common;
    this.relay = relay;
    this.reception =
        new Reception(
            common.users(),
            common.fakeTls(),
            common.headers(),
            common.settings().undisguised(),
            this::origin,
            common.env());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    within(SILENCE, this::origin);
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes).release();
    switch (state) {
      case RECEIVING, GREETED -> obey(reception.receive(bytes, 0, bytes.length));
      case FOREIGN, OPENING -> {
        byte[] before = held;
        held = Arrays.copyOf(before, before.length + bytes.length);
        System.arraycopy(bytes, 0, held, before.length, bytes.length);
      }
      case OVER -> {}
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (state == State.RECEIVING || state == State.GREETED) {
      channel.read();
    }
  }

  private void obey(Step step) {
    switch (step) {
      case Step.More() -> {
        if (state == State.RECEIVING) {
          forwardSeen();
        }
      }
      case Step.Foreign(Reception.Reason reason) -> {
        common.counters().foreign(reason);
        foreign();
      }
      case Step.Greeting greeting -> greet(greeting);
      case Step.Admitted admitted -> {
        if (state == State.GREETED || enter(admitted.member())) {
          admit(admitted);
        }
      }
      case Step.Broken() -> {
        common.counters().broken.increment();
        over();
        channel
            .writeAndFlush(Unpooled.wrappedBuffer(common.alert()))
            .addListener(_ -> channel.close());
      }
    }
  }

  private void greet(Step.Greeting greeting) {
    common.counters().hellos.increment();
    common.counters().skews.add(greeting.skewSeconds());
    if (!enter(greeting.member())) {
      return;
    }
    abandonOrigin();
    state = State.GREETED;
    within(HEADER_WITHIN, channel::close);
    channel.writeAndFlush(Unpooled.wrappedBuffer(flight(greeting.secret(), greeting.hello())));
    obey(reception.greeted());
  }

  private byte[] flight(ProxySecret secret, TlsHello hello) {
    return common.fakeTls().flight(secret, hello);
  }

  /** Lets somebody in unless their limits are reached: then the origin answers them. */
  private boolean enter(Member member) {
    InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    String refusal = member.enter(address, common.env().clock().instant());
    if (refusal != null) {
      common.counters().overLimit.increment();
      foreign();
      return false;
    }
    Runnable closer = channel::close;
    member.opened(closer);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              member.closed(closer);
              member.leave(address);
            });
    return true;
  }

  private void admit(Step.Admitted admitted) {
    common.counters().admitted.increment();
    abandonOrigin();
    stopTimer();
    state = State.OPENING;
    Route route = Route.of(common.upstream(), admitted, common.env());
    dialer =
        Dialer.dial(
            channel.eventLoop(),
            common.env(),
            route.addresses(),
            upstream -> opened(admitted.member(), route, upstream));
  }

  private void opened(Member member, Route route, @Nullable Channel upstream) {
    dialer = null;
    if (upstream == null) {
      common.counters().upstreamFailures.increment();
      over();
      channel.close();
    } else {
      upstream.write(Unpooled.wrappedBuffer(route.opening()));
      member.countUp(route.opening().length);
      join(upstream, new Relay.Ways(route.up(), route.down(), new MemberMeter(member)));
    }
  }

  private void foreign() {
    state = State.FOREIGN;
    stopTimer();
    forwardSeen();
    OriginSide side = origin();
    if (side.hasFailed()) {
      originFailed();
    } else if (side.isConnected()) {
      splice();
    }
  }

  /** The origin's side, dialled if it is not yet. */
  private OriginSide origin() {
    OriginSide side = origin;
    if (side == null) {
      side = origin = new OriginSide(channel.eventLoop(), common, this);
      side.dial();
    }
    return side;
  }

  private void forwardSeen() {
    byte[] seen = reception.seen();
    origin().forward(Arrays.copyOfRange(seen, forwarded, seen.length));
    forwarded = seen.length;
  }

  private void abandonOrigin() {
    if (origin != null) {
      origin.abandon();
      origin = null;
    }
  }

  /** The origin answers to the dial. */
  void originConnected() {
    if (state == State.FOREIGN) {
      splice();
    }
  }

  /** The origin is down. */
  void originFailed() {
    if (state == State.RECEIVING) {
      within(REST_WITHIN, () -> reset());
    } else {
      reset();
    }
  }

  private void reset() {
    common.counters().originFailures.increment();
    over();
    Sockets.reset(channel);
  }

  /** Joins the origin, which from now on answers for itself. */
  void splice() {
    OriginSide side = origin;
    if (state != State.OVER && side != null) {
      common.counters().fronted.increment();
      origin = null;
      join(side.release(), new Relay.Ways(Transform.COPY, Transform.COPY, Relay.Meter.NONE));
    }
  }

  private void join(Channel other, Relay.Ways ways) {
    over();
    channel.pipeline().remove(this);
    relay.join(channel, other, ways, held);
    other.flush();
    held = new byte[0];
    common.counters().relaying.incrementAndGet();
    channel.closeFuture().addListener(_ -> common.counters().relaying.decrementAndGet());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (state == State.RECEIVING) {
        foreign();
      } else if (state == State.GREETED) {
        channel.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over();
    abandonOrigin();
    if (dialer != null) {
      dialer.cancel();
    }
  }

  private void over() {
    state = State.OVER;
    stopTimer();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    common.defects().unlessOfTheNetwork("connection", cause);
    channel.close();
  }

  private void within(Duration time, Runnable task) {
    stopTimer();
    timer = common.env().scheduler().after(time, () -> execute(task));
  }

  private void execute(Runnable task) {
    try {
      channel
          .eventLoop()
          .execute(
              () -> {
                if (state != State.OVER && channel.isActive()) {
                  task.run();
                }
              });
    } catch (RejectedExecutionException _) {
      // The proxy closes.
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}

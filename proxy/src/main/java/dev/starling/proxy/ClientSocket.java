package dev.starling.proxy;

import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.FlightShape;
import dev.starling.mtproto.Greeting;
import dev.starling.mtproto.Scheduler.Cancellable;
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

  /** A service answers a link's hello at once. */
  private static final Duration LINK_WITHIN = Duration.ofSeconds(10);

  /** While the origin is down: time for the rest of a client's hello. */
  private static final Duration REST_WITHIN = Duration.ofSeconds(2);

  private enum State {
    /** Not known yet. */
    RECEIVING,
    /** Nobody's: for the origin, when it answers. */
    FOREIGN,
    /** A client's, when it is known how the origin answers such a hello. */
    LEARNING,
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
  private @Nullable Channel linking;
  private @Nullable Cancellable timer;
  private int timers;
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
      case FOREIGN, LEARNING, OPENING -> {
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
          if (origin().hasFailed()) {
            awaitRest();
          }
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
    stopTimer();
    state = State.LEARNING;
    common.shapes().find(greeting.hello(), channel.eventLoop(), shape -> answer(greeting, shape));
  }

  /** Says the flight, as the origin would to such a hello. */
  private void answer(Step.Greeting greeting, @Nullable FlightShape shape) {
    if (state != State.LEARNING) {
      return;
    }
    state = State.GREETED;
    within(HEADER_WITHIN, channel::close);
    FakeTls tls = common.fakeTls();
    byte[] flight =
        shape == null
            ? tls.flight(greeting.secret(), greeting.hello())
            : tls.flight(greeting.secret(), greeting.hello(), shape);
    channel.writeAndFlush(Unpooled.wrappedBuffer(flight));
    obey(reception.greeted());
    byte[] early = held;
    held = new byte[0];
    if (state == State.GREETED) {
      if (early.length > 0) {
        obey(reception.receive(early, 0, early.length));
      }
      channel.read();
    } else {
      held = early;
    }
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
    common.impact().helped(address);
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
    Greeting greeting = route.greeting();
    if (upstream == null) {
      unreachable();
    } else if (greeting == null) {
      open(member, route, upstream);
    } else {
      linking = upstream;
      within(LINK_WITHIN, this::unreachable);
      new LinkGreeting(greeting, (welcome, rest) -> linked(member, route, upstream, welcome, rest))
          .begin(upstream);
    }
  }

  private void linked(Member member, Route route, Channel upstream, boolean welcome, byte[] rest) {
    linking = null;
    if (state != State.OPENING) {
      upstream.close();
    } else if (!welcome) {
      unreachable();
    } else {
      open(member, route, upstream);
      if (rest.length > 0) {
        upstream.pipeline().fireChannelRead(Unpooled.wrappedBuffer(rest));
        channel.flush();
      }
    }
  }

  private void open(Member member, Route route, Channel upstream) {
    upstream.write(Unpooled.wrappedBuffer(route.opening()));
    member.countUp(route.opening().length);
    MemberMeter meter = new MemberMeter(member, common.env(), channel::close);
    join(upstream, new Relay.Ways(route.up(), route.down(), meter));
  }

  private void unreachable() {
    common.counters().upstreamFailures.increment();
    abandonLink();
    over();
    channel.close();
  }

  private void abandonLink() {
    if (linking != null) {
      linking.close();
      linking = null;
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
      awaitRest();
    } else {
      reset();
    }
  }

  /** "RST at the first byte": who has said nothing yet has longer, as a hello may be lost once. */
  private void awaitRest() {
    within(reception.seen().length == 0 ? HEADER_WITHIN : REST_WITHIN, this::reset);
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
      } else if (state == State.GREETED || state == State.LEARNING) {
        channel.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over();
    abandonOrigin();
    abandonLink();
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
    int mine = timers;
    timer = common.env().scheduler().after(time, () -> execute(mine, task));
  }

  /** A timer that has been stopped may be on its way to the event loop already. */
  private void execute(int mine, Runnable task) {
    try {
      channel
          .eventLoop()
          .execute(
              () -> {
                if (mine == timers && state != State.OVER && channel.isActive()) {
                  task.run();
                }
              });
    } catch (RejectedExecutionException _) {
      // The proxy closes.
    }
  }

  private void stopTimer() {
    timers++;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}

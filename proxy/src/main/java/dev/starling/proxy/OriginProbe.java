package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says a hello to the origin and takes its first flight, which ends when nothing more comes. */
@SuppressWarnings("FutureReturnValueIgnored")
final class OriginProbe extends ChannelInboundHandlerAdapter {
  /** Certificates are a few KB; whoever sends more is no web server. */
  private static final int FLIGHT_BYTES_MAX = 64 << 10;

  /** For the first byte. */
  private static final Duration FIRST_WITHIN = Duration.ofSeconds(3);

  /**
   * After each piece: a busy server may sign between two of them. The first client of a kind waits
   * for it, once.
   */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final Channel channel;
  private final Env env;
  private final Consumer<byte[]> then;
  private byte[] seen = new byte[0];
  private @Nullable Cancellable timer;
  private boolean over;

  private OriginProbe(Channel channel, Env env, Consumer<byte[]> then) {
    this.channel = channel;
    this.env = env;
    this.then = then;
  }

  /**
   * Asks.
   *
   * @param then gets what the origin says, nothing if it does not answer; on the event loop
   */
  static void ask(
      byte[] hello,
      EventLoop loop,
      Env env,
      List<InetSocketAddress> origin,
      Consumer<byte[]> then) {
    Dialer.dial(
        loop,
        env,
        origin,
        channel -> {
          if (channel == null) {
            then.accept(new byte[0]);
          } else {
            OriginProbe probe = new OriginProbe(channel, env, then);
            channel.pipeline().addLast(probe);
            channel.writeAndFlush(Unpooled.wrappedBuffer(hello));
            probe.within(FIRST_WITHIN);
            channel.read();
          }
        });
  }

  private void within(Duration time) {
    stopTimer();
    timer = env.scheduler().after(time, this::later);
  }

  private void later() {
    try {
      channel.eventLoop().execute(this::done);
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

  private void done() {
    if (!over) {
      over = true;
      stopTimer();
      channel.close();
      then.accept(seen);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    int count = Math.min(in.readableBytes(), FLIGHT_BYTES_MAX - seen.length);
    int before = seen.length;
    seen = Arrays.copyOf(seen, before + count);
    in.readBytes(seen, before, count).release();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!over && seen.length < FLIGHT_BYTES_MAX) {
      within(QUIET);
      ctx.read();
    } else {
      done();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    done();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    done();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    done();
  }
}

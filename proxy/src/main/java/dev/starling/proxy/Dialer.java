package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Scheduler.Cancellable;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Dials one of several addresses: the next when the one before fails or is slow, and the first that
 * answers is taken ("Happy Eyeballs", RFC 8305). Belongs to one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Dialer {
  /** "Connection Attempt Delay: 250 milliseconds." */
  private static final Duration NEXT_AFTER = Duration.ofMillis(250);

  private final EventLoop loop;
  private final Env env;
  private final List<InetSocketAddress> addresses;
  private final Consumer<@Nullable Channel> taken;
  private final List<Channel> dialling = new ArrayList<>();
  private int next;
  private int failed;
  private boolean over;
  private @Nullable Cancellable timer;

  private Dialer(
      EventLoop loop,
      Env env,
      List<InetSocketAddress> addresses,
      Consumer<@Nullable Channel> taken) {
    this.loop = loop;
    this.env = env;
    this.addresses = addresses;
    this.taken = taken;
  }

  /**
   * Dials.
   *
   * @param taken gets the connection, or null when no address answers
   */
  static Dialer dial(
      EventLoop loop,
      Env env,
      List<InetSocketAddress> addresses,
      Consumer<@Nullable Channel> taken) {
    Dialer dialer = new Dialer(loop, env, addresses, taken);
    if (addresses.isEmpty()) {
      loop.execute(() -> dialer.connected(null, false)); // not before the caller knows the dialer
    } else {
      dialer.dialNext();
    }
    return dialer;
  }

  /** Gives up; nothing is taken any more. */
  void cancel() {
    over = true;
    stopTimer();
    List<Channel> abandoned = List.copyOf(dialling); // closing one tells us of its failure
    dialling.clear();
    abandoned.forEach(Channel::close);
  }

  private void dialNext() {
    if (over || next == addresses.size()) {
      return;
    }
    ChannelFuture connecting =
        Sockets.client(loop).handler(new Nothing()).connect(addresses.get(next++));
    Channel channel = connecting.channel();
    dialling.add(channel);
    connecting.addListener(done -> connected(channel, done.isSuccess()));
    stopTimer();
    if (!over && next < addresses.size()) {
      timer = env.scheduler().after(NEXT_AFTER, this::later);
    }
  }

  private void later() {
    try {
      loop.execute(this::dialNext);
    } catch (RejectedExecutionException _) {
      // The proxy closes.
    }
  }

  private void connected(@Nullable Channel channel, boolean success) {
    dialling.remove(channel);
    if (over) {
      if (channel != null) {
        channel.close();
      }
    } else if (success) {
      cancel();
      taken.accept(channel);
    } else if (++failed >= addresses.size()) {
      over = true;
      taken.accept(null);
    } else {
      dialNext();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Netty wants a handler; the connection gets its own when it is taken. */
  @ChannelHandler.Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(io.netty.channel.ChannelHandlerContext ctx) {
      ctx.pipeline().remove(this);
    }
  }
}

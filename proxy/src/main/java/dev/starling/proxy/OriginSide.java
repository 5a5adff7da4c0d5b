package dev.starling.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The origin's end of a connection of which it is not known yet whose it is. When it says or ends
 * anything first, the connection is its.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class OriginSide extends ChannelInboundHandlerAdapter {
  private final EventLoop loop;
  private final Common common;
  private final ClientSocket client;
  private final List<byte[]> pending = new ArrayList<>();
  private @Nullable Dialer dialer;
  private @Nullable Channel channel;
  private boolean failed;

  OriginSide(EventLoop loop, Common common, ClientSocket client) {
    this.loop = loop;
    this.common = common;
    this.client = client;
  }

  void dial() {
    dialer = Dialer.dial(loop, common.env(), common.settings().origin().get(), this::dialled);
  }

  private void dialled(@Nullable Channel connected) {
    dialer = null;
    if (connected == null) {
      failed = true;
      client.originFailed();
      return;
    }
    channel = connected;
    pending.forEach(bytes -> connected.write(Unpooled.wrappedBuffer(bytes)));
    pending.clear();
    connected.flush();
    connected.pipeline().addLast(this);
    client.originConnected();
    if (channel != null) {
      connected.read(); // still watched here
    }
  }

  boolean hasFailed() {
    return failed;
  }

  boolean isConnected() {
    return channel != null;
  }

  /** Bytes of the client: a hello's at most, until it is spliced. */
  void forward(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    if (channel == null) {
      pending.add(bytes);
    } else {
      channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }
  }

  /** For the relay. */
  Channel release() {
    Channel released = channel;
    if (released == null) {
      throw new IllegalStateException("not connected");
    }
    channel = null;
    released.pipeline().remove(this);
    return released;
  }

  void abandon() {
    if (dialer != null) {
      dialer.cancel();
    }
    if (channel != null) {
      Channel abandoned = channel;
      channel = null;
      abandoned.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Channel origin = ctx.channel();
    client.splice();
    origin.pipeline().fireChannelRead(message);
    origin.pipeline().fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      Channel origin = ctx.channel();
      client.splice();
      origin.pipeline().fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (channel != null) {
      client.splice(); // which finds it gone, and resets the client
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    common.defects().unlessOfTheNetwork("origin", cause);
    ctx.close();
  }
}

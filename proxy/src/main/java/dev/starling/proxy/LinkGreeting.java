package dev.starling.proxy;

import dev.starling.mtproto.Greeting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.BiConsumer;

/** The beginning of a link: says the hello and waits for the service's flight. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that tells
final class LinkGreeting extends ChannelInboundHandlerAdapter {
  private final Greeting greeting;
  private final BiConsumer<Boolean, byte[]> done;
  private boolean over;

  /**
   * @param done told whether the service is who it is to be, and what it said after its flight
   */
  LinkGreeting(Greeting greeting, BiConsumer<Boolean, byte[]> done) {
    this.greeting = greeting;
    this.done = done;
  }

  /** Begins on a connected channel. */
  void begin(Channel channel) {
    channel.pipeline().addLast(this);
    channel.writeAndFlush(Unpooled.wrappedBuffer(greeting.opening()));
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes).release();
    if (over) {
      return;
    }
    switch (greeting.receive(bytes, 0, bytes.length)) {
      case Greeting.Progress.More() -> {}
      case Greeting.Progress.Welcome(byte[] rest) -> {
        over = true;
        ctx.pipeline().remove(this);
        done.accept(true, rest);
      }
      case Greeting.Progress.Failed(_) -> fail(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!over) {
      ctx.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    fail(ctx); // it ended before the flight was whole
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx);
  }

  private void fail(ChannelHandlerContext ctx) {
    if (!over) {
      over = true;
      ctx.close();
      done.accept(false, new byte[0]);
    }
  }
}

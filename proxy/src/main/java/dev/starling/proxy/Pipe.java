package dev.starling.proxy;

import dev.starling.mtproto.TlsRecords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One direction: reads a side when the other can take more. Belongs to the event loop of both
 * channels.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that tells
final class Pipe extends ChannelInboundHandlerAdapter {
  private static final FastThreadLocal<Transform.Scratch> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected Transform.Scratch initialValue() {
          return new Transform.Scratch();
        }
      };

  private final Channel from;
  private final Channel to;
  private final Transform transform;
  private final IntConsumer meter;
  private final boolean isFromClient;
  private final Common common;
  private @Nullable Pipe back;
  private boolean reading;
  private boolean ended;

  Pipe(
      Channel from,
      Channel to,
      Transform transform,
      IntConsumer meter,
      boolean isFromClient,
      Common common) {
    this.common = common;
    this.from = from;
    this.to = to;
    this.transform = transform;
    this.meter = meter;
    this.isFromClient = isFromClient;
  }

  void pair(Pipe other) {
    back = other;
    other.back = this;
  }

  /**
   * Begins, where the side may have ended already.
   *
   * @param held what was read of it before
   */
  void begin(ChannelHandlerContext ctx, byte[] held) {
    if (held.length > 0) {
      channelRead(ctx, Unpooled.wrappedBuffer(held));
      to.flush();
    }
    if (!from.isActive()) {
      gone();
    } else if (((DuplexChannel) from).isInputShutdown()) {
      end();
    } else {
      readIfWanted();
    }
  }

  /** Reads once more if the other side takes it. */
  private void readIfWanted() {
    if (!reading && !ended && to.isWritable()) {
      reading = true;
      from.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    meter.accept(in.readableBytes());
    switch (transform) {
      case Transform.Copy() -> to.write(in, to.voidPromise());
      case Transform.IntoRecords() -> intoRecords(ctx, in);
      case Transform.Rewrite rewrite -> rewrite(ctx, in, rewrite);
    }
  }

  private void intoRecords(ChannelHandlerContext ctx, ByteBuf in) {
    while (in.readableBytes() > TlsRecords.WRITTEN_BYTES_MAX) {
      to.write(header(ctx, TlsRecords.WRITTEN_BYTES_MAX), to.voidPromise());
      to.write(in.readRetainedSlice(TlsRecords.WRITTEN_BYTES_MAX), to.voidPromise());
    }
    to.write(header(ctx, in.readableBytes()), to.voidPromise());
    to.write(in, to.voidPromise());
  }

  private static ByteBuf header(ChannelHandlerContext ctx, int length) {
    byte[] header = new byte[TlsRecords.HEADER_BYTES];
    TlsRecords.putHeader(header, 0, length);
    return ctx.alloc().directBuffer(header.length).writeBytes(header);
  }

  private void rewrite(ChannelHandlerContext ctx, ByteBuf in, Transform.Rewrite rewrite) {
    try {
      Transform.Scratch scratch = SCRATCH.get();
      while (in.isReadable() && !ended) {
        int length = Math.min(in.readableBytes(), Transform.Scratch.BYTES);
        in.readBytes(scratch.in(), 0, length);
        int count = rewrite.apply(scratch.in(), 0, length, scratch.out(), scratch);
        if (count == Transform.Rewrite.BROKEN) {
          broken();
        } else if (count > 0) {
          to.write(
              ctx.alloc().directBuffer(count).writeBytes(scratch.out(), 0, count),
              to.voidPromise());
        }
      }
    } finally {
      in.release();
    }
  }

  /** A peer that breaks the records is told so as a server of TLS 1.3 does, and left. */
  private void broken() {
    ended = true;
    if (isFromClient) {
      from.writeAndFlush(Unpooled.wrappedBuffer(common.alert())).addListener(_ -> from.close());
    } else {
      Sockets.reset(from);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    to.flush();
    readIfWanted();
  }

  /** This side takes bytes again: those of the other side go on. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (back != null) {
      back.readIfWanted();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      end();
    }
  }

  /** "FIN" is passed on when all before it is; after both, both are closed. */
  private void end() {
    if (!ended) {
      ended = true;
      Pipe other = back;
      to.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(
              _ -> {
                if (other != null && other.ended) {
                  to.close();
                  from.close();
                } else {
                  ((DuplexChannel) to).shutdownOutput();
                }
              });
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  /** This side is no more: closed by us after both ends, or reset. */
  private void gone() {
    boolean isOver = ended && (back == null || back.ended);
    ended = true;
    if (!isOver) { // else the last end closes the other side when all is written to it
      Sockets.reset(to);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    common.defects().unlessOfTheNetwork("relay", cause);
    Sockets.reset(to);
    from.close();
  }
}

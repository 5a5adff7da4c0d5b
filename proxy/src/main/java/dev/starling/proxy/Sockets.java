package dev.starling.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** How sockets are made: by epoll where it is there, else by NIO; and with which settings. */
final class Sockets {
  private static final boolean EPOLL = Epoll.isAvailable();

  /** Clients come back in bursts after a block: as many may wait to be accepted. */
  private static final int BACKLOG = 4096;

  /** Most of a relay's cost is its calls: what has come is taken in one, up to this. */
  private static final int READ_BYTES_MAX = 64 << 10;

  private static final int READ_BYTES_MIN = 512;
  private static final int READ_BYTES_FIRST = 2048;

  /**
   * What a peer that does not read may leave with us: above the second mark the other side is not
   * read, so that with one more read it is under 100 KB.
   */
  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(16 << 10, 32 << 10);

  /** A dial that takes longer is given up; the next address is tried long before. */
  private static final int CONNECT_MILLIS = 10_000;

  private Sockets() {}

  static EventLoopGroup group(int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads, EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  static ServerBootstrap server(EventLoopGroup group) {
    return new ServerBootstrap()
        .group(group)
        .channel(EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        // A restart must not wait for the former process's connections to time out.
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.AUTO_READ, false) // backpressure: each read is asked for
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true) // a FIN is passed on, not answered
        // Packets are small and each is somebody's turn: none waits for the next.
        .childOption(ChannelOption.TCP_NODELAY, true)
        // Idle clients are never closed first, so the kernel has to find out who is gone.
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads());
  }

  /** For dialling on the event loop of the client whom it is for. */
  static Bootstrap client(EventLoop loop) {
    return new Bootstrap()
        .group(loop)
        .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .option(ChannelOption.RECVBUF_ALLOCATOR, reads());
  }

  private static AdaptiveRecvByteBufAllocator reads() {
    AdaptiveRecvByteBufAllocator reads =
        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX);
    reads.maxMessagesPerRead(1); // or sixteen reads come before the peer's fullness is looked at
    return reads;
  }

  /** Ends a connection as a process that dies does: "RST". */
  static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    var _ = channel.close();
  }
}

package dev.starling.messenger;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.Front;
import dev.starling.mtproto.ProxySecret;
import dev.starling.mtproto.ServerTransport;
import dev.starling.mtproto.ServerTransport.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One socket: the adapter where Netty ends. Bytes become packets by {@link ServerTransport},
 * packets become bytes; no {@code ByteBuf} goes further. {@link #send}, {@link #congested} and
 * {@link #execute} may be called from any thread, all else belongs to the channel's event loop.
 *
 * <p>A peer that does not speak the protocol gets no answer, and not the reset of a closed socket
 * either, by which a prober would learn after how many bytes we knew: what it sends is read and
 * thrown away until it leaves or its time is up, which is drawn anew for each connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that tells
final class Wire extends ChannelInboundHandlerAdapter {
  /** What a socket's packets are for. All on the event loop. */
  interface Receiver {
    void packet(byte[] packet, boolean quickAckWanted);

    /** Bytes of packets that wait. */
    int heldBytes();

    /** No more packets are at hand for now. */
    void batchRead();

    /** The peer takes bytes again after {@link Wire#congested} said that it did not. */
    void writable();

    /** No packet comes or goes any more; called once. */
    void closed();
  }

  /** Bytes copied from Netty's buffer at once; ciphers are fastest from heap to heap. */
  private static final int SCRATCH_BYTES = 64 << 10;

  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[SCRATCH_BYTES];
        }
      };

  /** Bytes on their way to the event loop beyond which nothing more is made for this peer. */
  private static final long UNSENT_BYTES_MAX = 256 << 10;

  private final Channel channel;
  private Object source;
  private boolean placed;
  private ServerTransport transport;
  private boolean behindTls;
  private final Gateway gateway;
  private final Env env;
  private final Receiver receiver;
  private final Queue<byte[]> unsent = new ConcurrentLinkedQueue<>();
  private final AtomicLong unsentBytes = new AtomicLong();
  private final AtomicBoolean sending = new AtomicBoolean();
  private volatile boolean blocked;
  private final Set<Object> holds = new HashSet<>();
  private final Deadlines deadlines;
  private boolean deaf;
  private boolean spoke;
  private boolean busy;
  private volatile int heldBytes;

  /**
   * @param source whom it shares its budget with, which it has entered
   */
  Wire(Channel channel, Object source, Gateway gateway, Function<Wire, Receiver> receiver) {
    this.channel = channel;
    this.source = source;
    this.gateway = gateway;
    this.env = gateway.env;
    this.transport =
        new ServerTransport(
            gateway.secrets(),
            gateway.fronts(),
            gateway.fakeTls,
            gateway::isNewHeader,
            this::writeNow);
    this.deadlines = new Deadlines(env, this::execute, channel::close, gateway.sources::areCrowded);
    this.receiver = receiver.apply(this);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadlines.awaitFirstMessage();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    busy = true;
    try {
      byte[] scratch = SCRATCH.get();
      while (in.isReadable() && !deaf) {
        int length = Math.min(in.readableBytes(), scratch.length);
        in.readBytes(scratch, 0, length);
        obey(transport.receive(scratch, 0, length, this::packet));
      }
    } finally {
      in.release();
    }
  }

  private void obey(Verdict verdict) {
    switch (verdict) {
      case Verdict.Continue() -> {}
      case Verdict.Drop _ -> drop();
      case Verdict.Close() -> {
        if (!deaf) {
          stopListening();
          channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput());
          deadlines.linger();
        }
      }
      case Verdict.Foreign(byte[] seen) -> foreign(seen);
    }
  }

  /** A TLS client that is none of ours: for the operator's certificate, if there is one. */
  private void foreign(byte[] seen) {
    GatewayCertificate certificate = gateway.certificate();
    if (certificate == null || deaf) {
      drop();
      return;
    }
    behindTls = true;
    transport = ServerTransport.behindTls(gateway.secrets(), this::writeNow);
    channel.pipeline().addFirst(certificate.handler(channel.alloc()));
    channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(seen));
  }

  /** What a disguise itself has to say, within {@link #channelRead}. */
  private void writeNow(byte[] bytes) {
    channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
  }

  /** "Half-close, so that the peer can read the last word"; TLS has a word of its own for it. */
  private void endOutput() {
    if (behindTls) {
      channel.close();
    } else {
      ((DuplexChannel) channel).shutdownOutput();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!deaf) {
      receiver.batchRead();
    }
    account();
  }

  /** Tells the gateway what is held of packets that have not come whole, or wait. */
  void account() {
    int held = deaf ? 0 : transport.heldBytes() + receiver.heldBytes();
    int grown = held - heldBytes;
    heldBytes = held;
    if (grown != 0) {
      gateway.held(grown);
    }
  }

  /** As of the last {@link #account}; any thread may ask. */
  int heldBytes() {
    return heldBytes;
  }

  /** Called now and then: lets go of what an idle connection can do without. */
  void restIfIdle() {
    if (!busy) {
      transport.rest();
    }
    busy = false;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    applyHolds();
    wake();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopListening();
    account();
    deadlines.cancel();
    gateway.sources.left(source, !spoke);
  }

  /**
   * A peer that resets is nobody's fault; a defect is, and either way only this connection is over.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
  }

  private void fail(Throwable cause) {
    // A DecoderException is what a peer's broken TLS comes to.
    if (!(cause instanceof IOException || cause instanceof DecoderException)) {
      gateway.defects.log("connection", cause);
    }
    channel.close();
  }

  /** Runs a task on the event loop; not at all once that is shut down. */
  void execute(Runnable task) {
    try {
      channel.eventLoop().execute(() -> runSafely(task));
    } catch (RejectedExecutionException _) {
      // The gateway has closed, and this connection with it.
    }
  }

  private void runSafely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Sends a packet after those sent before. */
  void send(byte[] packet) {
    unsent.add(packet);
    unsentBytes.addAndGet(packet.length);
    if (!sending.getAndSet(true)) {
      execute(this::writeUnsent);
    }
  }

  private void writeUnsent() {
    sending.set(false);
    for (byte[] packet = unsent.poll(); packet != null; packet = unsent.poll()) {
      unsentBytes.addAndGet(-packet.length);
      if (!deaf) {
        busy = true;
        byte[] frame = transport.frame(packet, env.random());
        channel.write(Unpooled.wrappedBuffer(frame), channel.voidPromise());
      }
    }
    channel.flush();
    wake();
  }

  /**
   * Whether the peer takes bytes more slowly than they come. Whoever is told so is woken when that
   * is over.
   */
  boolean congested() {
    if (hasRoom()) {
      return false;
    }
    blocked = true;
    return !hasRoom(); // asked again: room that was made before the mark was set wakes nobody
  }

  private boolean hasRoom() {
    return channel.isWritable() && unsentBytes.get() < UNSENT_BYTES_MAX;
  }

  private void wake() {
    if (blocked && hasRoom()) {
      blocked = false;
      receiver.writable();
    }
  }

  /** Reads nothing while anybody holds. */
  void hold(Object holder) {
    holds.add(holder);
    applyHolds();
  }

  void release(Object holder) {
    holds.remove(holder);
    applyHolds();
  }

  private void applyHolds() {
    // A peer that does not read is not read: or pings alone would fill the memory with pongs.
    channel.config().setAutoRead(deaf || (holds.isEmpty() && channel.isWritable()));
  }

  /** The peer has proved an auth key just now. */
  void alive() {
    deadlines.heard();
    if (!spoke) {
      spoke = true;
      gateway.sources.spoke(source);
      transport.trust();
    }
  }

  /** Whom the peer shares its budget with. */
  Object source() {
    return source;
  }

  /** Tells the peer at once that its packet of this token has arrived. */
  void quickAck(int token) {
    byte[] ack = transport.frameQuickAck(token);
    if (ack.length > 0 && !deaf) {
      channel.writeAndFlush(Unpooled.wrappedBuffer(ack), channel.voidPromise());
    }
  }

  /** Closes after {@code delay} unless told otherwise before. */
  void disconnectAfter(Duration delay) {
    deadlines.disconnectAfter(delay);
  }

  /** No answer, no reset. */
  void drop() {
    if (!deaf) {
      stopListening();
      deadlines.awaitLeave();
      gateway.counters.dropped.increment(); // last: who sees it knows that the time runs
    }
  }

  /**
   * Tells the peer a transport error and ends the stream; closes when the peer has, so that it can
   * read why.
   */
  void refuse(int code) {
    if (deaf) {
      return;
    }
    ByteBuf error = Unpooled.wrappedBuffer(transport.frameError(code));
    stopListening();
    channel.writeAndFlush(error).addListener(_ -> endOutput());
    deadlines.linger();
  }

  /** Closes at once; any thread may. */
  void close() {
    channel.close();
  }

  /** Closes when all that was sent is written. */
  void closeFlushed() {
    writeUnsent();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private void stopListening() {
    if (!deaf) {
      deaf = true;
      receiver.closed();
      applyHolds();
    }
  }

  /** Whom a client of a front shares its budget with. */
  private record Cell(String front, @Nullable ProxySecret secret) {}

  /** "Behind a front the peer is the secret, not the address." */
  private void place() {
    placed = true;
    Front front = transport.front();
    if (front != null) {
      Cell cell = new Cell(front.name(), transport.secret());
      if (gateway.sources.enter(cell)) {
        gateway.sources.left(source, !spoke);
        source = cell;
      } else {
        gateway.counters.connectionsRefused.increment();
        drop();
      }
    }
  }

  private void packet(byte[] packet, boolean quickAckWanted) {
    if (!placed) {
      place();
    }
    if (!deaf) {
      receiver.packet(packet, quickAckWanted);
    }
  }
}

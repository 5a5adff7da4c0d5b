package dev.starling.mtproto;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one connection: bytes to packets and back. It finds out by the first bytes
 * what the client speaks:
 *
 * <ul>
 *   <li>any framing in plain;
 *   <li>obfuscated2 carrying any framing but full, with one of the secrets or without;
 *   <li>fake TLS with one of the secrets, and obfuscated2 with the same one in it;
 *   <li>fake TLS with the secret of a front's links, and obfuscated2 with that of one of its cells;
 *   <li>a WebSocket, and obfuscated2 in it.
 * </ul>
 *
 * Each of them avoids what the others begin with, so none is taken for another. Inside fake TLS and
 * WebSockets there is only obfuscated2, which need not avoid anything there. Not thread-safe.
 */
public final class ServerTransport {

  /** What to do with the connection. */
  public sealed interface Verdict {
    /** Go on reading. */
    record Continue() implements Verdict {}

    /**
     * Close without an answer: whoever probes the port learns nothing. What still comes in is
     * discarded.
     *
     * @param reason for counters, never for the peer
     */
    record Drop(String reason) implements Verdict {}

    /** All that there was to say is written: close in order. */
    record Close() implements Verdict {}

    /**
     * A TLS hello that no secret's holder made: for a real TLS server, if there is one.
     *
     * @param seen all bytes of the connection so far
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Foreign(byte[] seen) implements Verdict {}
  }

  /** What a connection may begin with. */
  private enum Start {
    ANYTHING,
    /** Behind real TLS there are only WebSockets. */
    HTTP,
    /** Inside a disguise. */
    OBFUSCATED
  }

  private static final Verdict CONTINUE = new Verdict.Continue();

  private final List<ProxySecret> secrets;
  private final List<Front> fronts;
  private final @Nullable FakeTls fakeTls;
  private final Predicate<byte[]> isNew;
  private final Consumer<byte[]> out;
  private Start start;
  private byte @Nullable [] head = new byte[Obfuscation.HEADER_BYTES];
  private int headFilled;
  private @Nullable TlsHelloReader hello;
  private @Nullable WebSocketUpgrade upgrade;
  private @Nullable Wrapping wrapping;
  private @Nullable ProxySecret disguise;
  private @Nullable Front front;
  private @Nullable FrameCodec codec;
  private @Nullable Obfuscation obfuscation;
  private @Nullable Verdict end;

  /** Without fake TLS. */
  public ServerTransport(List<ProxySecret> secrets, Consumer<byte[]> out) {
    this(secrets, null, out);
  }

  /**
   * @param secrets tried in this order
   * @param fakeTls with the same secrets; null if every TLS hello is foreign
   * @param out takes what the disguises themselves have to say, to be written at once: called by
   *     {@link #receive} only
   */
  public ServerTransport(
      List<ProxySecret> secrets, @Nullable FakeTls fakeTls, Consumer<byte[]> out) {
    this(secrets, List.of(), fakeTls, _ -> true, out);
  }

  /**
   * As above, with fronts whose links end here.
   *
   * @param fakeTls with the secrets of their links, too
   * @param isNew whether an obfuscated2 header under a secret is none that came before, by the part
   *     of it that a replay must repeat: 48 random bytes, the keys of both ways
   */
  public ServerTransport(
      List<ProxySecret> secrets,
      List<Front> fronts,
      @Nullable FakeTls fakeTls,
      Predicate<byte[]> isNew,
      Consumer<byte[]> out) {
    this(secrets, fronts, fakeTls, isNew, out, Start.ANYTHING);
  }

  private ServerTransport(
      List<ProxySecret> secrets,
      List<Front> fronts,
      @Nullable FakeTls fakeTls,
      Predicate<byte[]> isNew,
      Consumer<byte[]> out,
      Start start) {
    this.fronts = List.copyOf(fronts);
    this.secrets = List.copyOf(secrets);
    this.fakeTls = fakeTls;
    this.isNew = isNew;
    this.out = out;
    this.start = start;
  }

  /** For what comes out of a real TLS server: a WebSocket and nothing else. */
  public static ServerTransport behindTls(List<ProxySecret> secrets, Consumer<byte[]> out) {
    // Real TLS lets nobody record what is in it.
    return new ServerTransport(secrets, List.of(), null, _ -> true, out, Start.HTTP);
  }

  /** Takes the next bytes from the wire, however they are cut. */
  public Verdict receive(byte[] in, int offset, int length, PacketSink sink) {
    if (end == null && length > 0) {
      if (hello != null) {
        greet(hello, in, offset, length, sink);
      } else if (upgrade != null) {
        upgrade(upgrade, in, offset, length, sink);
      } else if (start == Start.HTTP) {
        beginUpgrade(in, offset, length, sink);
      } else if (wrapping != null) {
        unwrap(wrapping, in, offset, length, sink);
      } else {
        stream(in, offset, length, sink);
      }
    }
    return end == null ? CONTINUE : end;
  }

  private void greet(TlsHelloReader reader, byte[] in, int offset, int length, PacketSink sink) {
    switch (reader.receive(in, offset, length)) {
      case TlsHelloReader.Progress.More() -> {}
      case TlsHelloReader.Progress.Foreign() -> end = new Verdict.Foreign(reader.seen());
      case TlsHelloReader.Progress.Whole(TlsHello whole, int bytes) -> {
        ProxySecret holder = fakeTls == null ? null : fakeTls.judge(whole);
        byte[] seen = reader.seen();
        if (fakeTls == null || holder == null) {
          end = new Verdict.Foreign(seen);
          return;
        }
        disguise = holder;
        front = frontOf(holder);
        out.accept(fakeTls.flight(holder, whole));
        hello = null;
        enter(
            new Wrapping.Tls(TlsRecords.Reader.ofClient(), TlsRecords.WRITTEN_BYTES_MAX),
            Bytes.slice(seen, bytes, seen.length),
            sink);
      }
    }
  }

  private @Nullable Front frontOf(ProxySecret link) {
    for (Front candidate : fronts) {
      if (candidate.secret().equals(link)) {
        return candidate;
      }
    }
    return null;
  }

  private void beginUpgrade(byte[] in, int offset, int length, PacketSink sink) {
    head = null;
    start = Start.OBFUSCATED;
    upgrade = new WebSocketUpgrade();
    upgrade(upgrade, in, offset, length, sink);
  }

  private void upgrade(WebSocketUpgrade asked, byte[] in, int offset, int length, PacketSink sink) {
    switch (asked.receive(in, offset, length)) {
      case WebSocketUpgrade.Progress.More() -> {}
      case WebSocketUpgrade.Progress.Refused(byte[] answer) -> {
        out.accept(answer);
        end = new Verdict.Close();
      }
      case WebSocketUpgrade.Progress.Upgraded(byte[] answer, byte[] rest) -> {
        out.accept(answer);
        upgrade = null;
        enter(new Wrapping.Socket(out::accept), rest, sink);
      }
    }
  }

  private void enter(Wrapping entered, byte[] rest, PacketSink sink) {
    wrapping = entered;
    start = Start.OBFUSCATED;
    head = new byte[Obfuscation.HEADER_BYTES];
    headFilled = 0;
    unwrap(entered, rest, 0, rest.length, sink);
  }

  private void unwrap(Wrapping around, byte[] in, int offset, int length, PacketSink sink) {
    String fault =
        around.receive(
            in, offset, length, (bytes, from, count) -> stream(bytes, from, count, sink));
    if (end == null && around.isClosed()) {
      end = new Verdict.Close();
    } else if (fault != null) {
      drop(fault);
    }
  }

  private void drop(String reason) {
    if (end == null) {
      end = new Verdict.Drop(reason);
    }
  }

  private void stream(byte[] in, int offset, int length, PacketSink sink) {
    int at = offset;
    int to = offset + length;
    while (head != null && end == null && at < to) {
      head[headFilled++] = in[at++];
      StreamStart seen =
          start == Start.ANYTHING ? StreamStart.of(head, headFilled) : StreamStart.UNDECIDED;
      if (seen == StreamStart.TLS || seen == StreamStart.HTTP) {
        byte[] all = Bytes.concat(Bytes.slice(head, 0, headFilled), Bytes.slice(in, at, to));
        disguised(seen, all, sink);
        return;
      }
      plain(seen, head, sink);
    }
    if (at < to) {
      decode(in, at, to - at, sink);
    }
  }

  private void disguised(StreamStart seen, byte[] all, PacketSink sink) {
    if (seen == StreamStart.HTTP) {
      beginUpgrade(all, 0, all.length, sink);
    } else {
      head = null;
      hello = new TlsHelloReader();
      greet(hello, all, 0, all.length, sink);
    }
  }

  private void plain(StreamStart seen, byte[] first, PacketSink sink) {
    switch (seen) {
      case ABRIDGED -> begin(Framing.ABRIDGED);
      case INTERMEDIATE -> begin(Framing.INTERMEDIATE);
      case PADDED_INTERMEDIATE -> begin(Framing.PADDED_INTERMEDIATE);
      case FULL -> {
        begin(Framing.FULL);
        decode(first, 0, headFilled, sink); // it has no tag: these are its first frame's
      }
      case HTTP, TLS, UNDECIDED -> {
        if (headFilled == first.length) {
          obfuscation = accept(first);
          if (obfuscation == null) {
            drop("no secret fits");
          } else if (isReplayed(obfuscation, first)) {
            drop("replayed");
          } else {
            begin(obfuscation.framing());
          }
        }
      }
    }
  }

  /** "The link names the front, the secret the cell": on a link no other secret fits. */
  private @Nullable Obfuscation accept(byte[] header) {
    if (front != null) {
      return Obfuscation.acceptAmong(header, front.cells());
    }
    return disguise == null
        ? Obfuscation.accept(header, secrets)
        : Obfuscation.acceptUnder(header, disguise);
  }

  /**
   * A prober who repeats what a holder of a secret sent would learn by any answer what this port
   * is. Inside fake TLS the hello has told already; without a secret anybody can make a header.
   */
  private boolean isReplayed(Obfuscation accepted, byte[] header) {
    return disguise == null && accepted.secret() != null && !isNew.test(Obfuscation.keys(header));
  }

  private void begin(Framing framing) {
    codec = framing.codec(Side.CLIENT);
    head = null;
  }

  private void decode(byte[] in, int offset, int length, PacketSink sink) {
    if (codec != null && end == null) {
      String fault =
          obfuscation == null
              ? codec.decode(in, offset, length, sink)
              : codec.decode(obfuscation.decrypt(in, offset, length), 0, length, sink);
      if (fault != null) {
        drop(fault);
      }
    }
  }

  /** The client has proved an auth key: its packets may be as long as any from now on. */
  public void trust() {
    detected().trust();
  }

  /** Bytes held of a packet that has not come whole. */
  public int heldBytes() {
    if (codec != null) {
      return codec.heldBytes();
    }
    return hello != null ? hello.heldBytes() : upgrade != null ? upgrade.heldBytes() : 0;
  }

  /** Nothing has come for a while: lets go of what is quickly made again. */
  public void rest() {
    if (obfuscation != null) {
      obfuscation.rest();
    }
  }

  /** A packet as the client's framing has it, ready for the wire, in the order of the calls. */
  public byte[] frame(byte[] packet, RandomGenerator padding) {
    return wrap(detected().encode(packet, false, padding));
  }

  /** A transport error, such as -404 (unknown auth key) or -429 (flood). */
  public byte[] frameError(int code) {
    return wrap(detected().encodeError(code));
  }

  /**
   * A quick ack, ready for the wire; empty where the framing has none.
   *
   * @param token of {@link Envelope.Opened.Message#quickAckToken}
   */
  public byte[] frameQuickAck(int token) {
    return wrap(detected().encodeQuickAck(token));
  }

  /** The secret by which the client came; null without one, and until its first bytes are read. */
  public @Nullable ProxySecret secret() {
    return obfuscation == null ? null : obfuscation.secret();
  }

  /** The front by whose link the client came; null if by none, and until its first bytes. */
  public @Nullable Front front() {
    return front;
  }

  /** The data centre that an obfuscated2 header named, 0 if none: to be trusted for nothing. */
  public int dc() {
    return obfuscation == null ? 0 : obfuscation.dc();
  }

  private FrameCodec detected() {
    if (codec == null) {
      throw new IllegalStateException("no framing is known before the client's first packet");
    }
    return codec;
  }

  private byte[] wrap(byte[] frame) {
    byte[] stream = obfuscation == null ? frame : obfuscation.encrypt(frame);
    return wrapping == null ? stream : wrapping.wrap(stream);
  }
}

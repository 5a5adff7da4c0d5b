package dev.starling.mtproto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of one connection, to a server or to a proxy. With a secret for fake TLS it
 * begins where {@link TlsGreeting} ends, in a WebSocket where {@link WebSocketGreeting} does. Not
 * thread-safe.
 */
public final class ClientTransport {
  /** A packet shorter than the shortest message is a transport error, padded or not. */
  private static final int MESSAGE_BYTES_MIN = 20;

  /** What to do with the connection. */
  public sealed interface Verdict {
    /** Go on reading. */
    record Continue() implements Verdict {}

    /** The peer breaks the protocol: close. */
    record Drop(String reason) implements Verdict {}

    /** The server's last word, such as -404 (unknown auth key) or -429 (flood). */
    record TransportError(int code) implements Verdict {}
  }

  private static final Verdict CONTINUE = new Verdict.Continue();

  /** "Records <= 2878 B in TDLib." */
  private static final int RECORD_BYTES_MAX = 2878;

  private final RandomGenerator random;
  private final FrameCodec codec;
  private final byte[] opening;
  private final @Nullable Obfuscation obfuscation;
  private final @Nullable Wrapping wrapping;
  private @Nullable Verdict poison;

  /**
   * @param obfuscated not with full framing
   * @param secret of the proxy, or null; with one the stream is always obfuscated, and a padded one
   *     wants padded framing
   * @param dc written into an obfuscated header: +10000 = test, negative = media
   */
  public ClientTransport(
      Framing framing,
      boolean obfuscated,
      @Nullable ProxySecret secret,
      int dc,
      RandomGenerator random) {
    this(
        framing,
        obfuscated,
        secret,
        dc,
        secret != null && secret.isForTls() ? tls() : null,
        random);
  }

  /** In a WebSocket, where the stream is obfuscated2, as Telegram's web clients have it. */
  public static ClientTransport inWebSocket(Framing framing, int dc, RandomGenerator random) {
    return new ClientTransport(framing, true, null, dc, new Wrapping.ClientSocket(random), random);
  }

  private static Wrapping tls() {
    return new Wrapping.Tls(TlsRecords.Reader.ofServer(), RECORD_BYTES_MAX);
  }

  private ClientTransport(
      Framing framing,
      boolean obfuscated,
      @Nullable ProxySecret secret,
      int dc,
      @Nullable Wrapping wrapping,
      RandomGenerator random) {
    if (secret != null && (!obfuscated || !secret.kind().allows(framing))) {
      throw new IllegalArgumentException(
          "a " + secret.kind() + " secret does not go with this transport");
    }
    if (obfuscated && framing == Framing.FULL) {
      throw new IllegalArgumentException("obfuscated2 has no tag for full framing");
    }
    this.random = random;
    this.codec = framing.codec(Side.SERVER);
    this.wrapping = wrapping;
    if (obfuscated) {
      Obfuscation.Opening opened = Obfuscation.open(framing, dc, secret, wrapping == null, random);
      this.opening = wrapping == null ? opened.header() : wrapping.open(opened.header());
      this.obfuscation = opened.streams();
    } else {
      this.opening = framing.opening();
      this.obfuscation = null;
    }
  }

  /** What the stream begins with, before the first frame. */
  public byte[] opening() {
    return opening.clone();
  }

  /** Takes the next bytes of the stream, however they are cut. */
  public Verdict receive(byte[] in, int offset, int length, PacketSink sink) {
    if (poison == null) {
      String fault =
          wrapping == null
              ? decode(in, offset, length, sink)
              : wrapping.receive(
                  in, offset, length, (b, from, count) -> fail(decode(b, from, count, sink)));
      fail(fault);
    }
    return poison == null ? CONTINUE : poison;
  }

  private @Nullable String decode(byte[] in, int offset, int length, PacketSink sink) {
    if (poison != null) {
      return null;
    }
    return obfuscation == null
        ? codec.decode(in, offset, length, new Sorter(sink))
        : codec.decode(obfuscation.decrypt(in, offset, length), 0, length, new Sorter(sink));
  }

  private void fail(@Nullable String fault) {
    if (fault != null && poison == null) {
      poison = new Verdict.Drop(fault);
    }
  }

  /** Tells transport errors from messages; after one nothing more is passed on. */
  private final class Sorter implements PacketSink {
    private final PacketSink sink;

    Sorter(PacketSink sink) {
      this.sink = sink;
    }

    @Override
    public void packet(byte[] packet, boolean quickAckRequested) {
      if (poison != null) {
        return;
      }
      if (packet.length < MESSAGE_BYTES_MIN) {
        poison = new Verdict.TransportError(Bytes.intAt(packet, 0));
      } else {
        sink.packet(packet, false);
      }
    }

    @Override
    public void quickAck(int token) {
      if (poison == null) {
        sink.quickAck(token);
      }
    }
  }

  /** A packet ready for the wire, in the order of the calls. */
  public byte[] frame(byte[] packet) {
    return frame(packet, false);
  }

  /**
   * A packet ready for the wire, in the order of the calls.
   *
   * @param wantQuickAck whether {@link PacketSink#quickAck} shall tell when the server has it; full
   *     framing has no word for that
   */
  public byte[] frame(byte[] packet, boolean wantQuickAck) {
    byte[] frame = codec.encode(packet, wantQuickAck, random);
    byte[] stream = obfuscation == null ? frame : obfuscation.encrypt(frame);
    return wrapping == null ? stream : wrapping.wrap(stream);
  }
}

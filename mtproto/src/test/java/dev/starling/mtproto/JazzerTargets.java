package dev.starling.mtproto;

import dev.starling.mtproto.Envelope.Opened.Message;
import dev.starling.tl.Decoded;
import dev.starling.tl.Gzip;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;

/**
 * Every parser that strangers reach, each as a class by which Jazzer calls it. A target fails by
 * throwing, by hanging, or by allocating more than its cap. {@link JazzerTest} runs them.
 */
@SuppressWarnings("unused") // Jazzer calls them by name
final class JazzerTargets {
  private static final int MIB = 1 << 20;
  private static final int TRIES = 3;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private JazzerTargets() {}

  /** One TL value: any constructor or method of any layer. */
  static final class TlValue {
    private static final int ALLOCATED_MAX = 32 * MIB;

    private TlValue() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(
          ALLOCATED_MAX,
          () -> {
            if (Tl.decode(data) instanceof Decoded.Value(var value)) {
              Tl.encode(value, Layer.NEWEST); // what was read can be written
            }
          });
    }
  }

  /** What a client that holds an auth key sends: containers, acknowledgements, calls, packed. */
  static final class Session {
    private static final int ALLOCATED_MAX = 64 * MIB;

    private Session() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(
          ALLOCATED_MAX,
          () -> {
            ServerHarness server = new ServerHarness();
            server.session = server.session(0);
            long msgId = server.idAgo(Duration.ofSeconds(1)) & -4;
            byte[] body = Arrays.copyOf(data, data.length / 4 * 4);
            server.session.receive(
                new Message(server.salts.current(), ServerHarness.SESSION, msgId, 1, body), server);
            server.session.flush(server);
          });
    }
  }

  /** gzip and zlib. */
  static final class GzipBody {
    private static final int UNPACKED_MAX = MIB;
    private static final int ALLOCATED_MAX = 4 * UNPACKED_MAX;

    private GzipBody() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(
          ALLOCATED_MAX,
          () -> {
            try {
              Gzip.unpack(data, UNPACKED_MAX);
            } catch (TlException _) {
              // Damaged, as nearly all of them are.
            }
          });
    }
  }

  /** All that the server's port takes, of whatever transport. */
  static final class ServerPort {
    private static final int ALLOCATED_MAX = 8 * MIB;

    private ServerPort() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(ALLOCATED_MAX, () -> FuzzTargets.transport(data));
    }
  }

  /** What a server, or who plays one, sends to our client. */
  static final class ClientPort {
    private static final int ALLOCATED_MAX = 16 * MIB;

    private ClientPort() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(ALLOCATED_MAX, () -> FuzzTargets.clientTransport(data));
    }
  }

  /** A ClientHello; the cap is for one cut into records of a byte each. */
  static final class Hello {
    private static final int ALLOCATED_MAX = 64 * MIB;

    private Hello() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(ALLOCATED_MAX, () -> FuzzTargets.tlsHello(data));
    }
  }

  /** An HTTP request, and frames behind a good one. */
  static final class WebSocket {
    private static final int ALLOCATED_MAX = 8 * MIB;

    private WebSocket() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(ALLOCATED_MAX, () -> FuzzTargets.webSocket(data));
    }
  }

  /** A frame of each kind, behind the tag that names the kind. */
  static final class Frames {
    private static final int ALLOCATED_MAX = 16 * MIB;

    private Frames() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(
          ALLOCATED_MAX,
          () -> {
            for (Framing framing : Framing.values()) {
              FrameCodec codec = framing.codec(Side.CLIENT);
              codec.trust();
              int half = data.length / 2;
              if (codec.decode(data, 0, half, (_, _) -> {}) == null) {
                codec.decode(data, half, data.length - half, (_, _) -> {});
              }
            }
          });
    }
  }

  /** A packet under a known auth key, its padding and length whatever they are. */
  static final class Packet {
    private static final int ALLOCATED_MAX = 4 * MIB;

    private Packet() {}

    public static void fuzzerTestOneInput(byte[] data) {
      bounded(
          ALLOCATED_MAX,
          () -> {
            Envelope.open(ServerHarness.KEY, Side.CLIENT, data);
            Envelope.openPlain(data);
            byte[] plain = Arrays.copyOf(data, Math.max(48, data.length / 16 * 16));
            Envelope.open(
                ServerHarness.KEY,
                Side.CLIENT,
                Envelope.sealPadded(ServerHarness.KEY, Side.CLIENT, plain));
          });
    }
  }

  /** Measured anew when it is too much: the first to reach a class pays for its loading. */
  private static void bounded(long bytesMax, Runnable parser) {
    long allocated = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && allocated > bytesMax; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      parser.run();
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    if (allocated > bytesMax) {
      throw new AssertionError("allocated " + allocated + " bytes, the cap is " + bytesMax);
    }
  }
}

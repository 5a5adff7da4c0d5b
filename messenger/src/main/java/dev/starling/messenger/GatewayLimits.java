package dev.starling.messenger;

/**
 * What a gateway lets its peers use. Limits that depend on nothing but the protocol are constants
 * where they are enforced; these depend on the machine.
 *
 * @param connections open connections in all; each is a file descriptor and about 10 KB
 * @param sessions sessions in all, with a connection or waiting for theirs to come back
 * @param sessionsOfKey sessions of one auth key: a client has one for messages and a few for media
 * @param handshakeThreads platform threads that do nothing but handshakes, about 8 ms of CPU each
 * @param handshakesQueued handshake steps that wait for a thread; whoever comes later is told to
 *     come again
 * @param heapBytes of the process, of which what is kept for peers takes a part
 */
public record GatewayLimits(
    int connections,
    int sessions,
    int sessionsOfKey,
    int handshakeThreads,
    int handshakesQueued,
    long heapBytes) {
  /**
   * For a process of 20,000 file descriptors, some of them the store's, or fewer where its heap is
   * small: who finds no place is told by a closed connection, and all who have one go on. Twice as
   * many sessions, so that phones may lose their network. One handshake thread a pair of cores
   * leaves the rest to those who are in already, and a queue of 256 is two seconds of its work:
   * longer, and clients give up and begin again.
   */
  public static GatewayLimits forMachine(int cores, long heapBytes) {
    long room = Math.max(0, heapBytes - OWN_HEAP) / CONNECTION_HEAP;
    int connections = Math.clamp(room, CONNECTIONS_MIN, CONNECTIONS_MAX);
    return new GatewayLimits(
        connections, 2 * connections, 64, Math.max(1, cores / 2), 256, heapBytes);
  }

  private static final int CONNECTIONS_MAX = 18_000;
  private static final int CONNECTIONS_MIN = 256;

  /** Heap that the service takes before anybody comes. */
  private static final long OWN_HEAP = 24 << 20;

  /**
   * Heap that a connection takes with its session and its auth key, about 5 KB when idle, and what
   * is under way for some of them.
   */
  private static final long CONNECTION_HEAP = 8 << 10;

  /** Of the heap: what half-received packets may take, and what clients that are away may. */
  private static final int HELD_PART = 8;

  /**
   * Connections of one source. Whole mobile networks and offices share one IPv4 address, so it may
   * have many; but never all.
   */
  int connectionsOfSource() {
    return Math.max(SOURCE_MIN, connections / 8);
  }

  /** Those of one source that have not proved an auth key: a crowd that comes back all at once. */
  int silentOfSource() {
    return Math.max(SOURCE_MIN, connections / 16);
  }

  /** Silent connections in all up to which each has its time. */
  int silentUncrowded() {
    return connections / 4;
  }

  /**
   * Bytes that half-received packets and such as wait for a session may take, all connections
   * together: 8 KiB each on average, where nearly all have none.
   */
  long heldBytes() {
    return Math.min(Math.max(HELD_MIN, connections * (8L << 10)), heapBytes / HELD_PART);
  }

  /**
   * Answers and pushes kept for all clients that are away. Beyond it pushes are dropped, and for
   * answers the one longest away is forgotten: a client that asks much and leaves, thousandfold,
   * would fill the memory otherwise.
   */
  long awayBytes() {
    return Math.min(AWAY_MAX, heapBytes / HELD_PART);
  }

  private static final long AWAY_MAX = 64L << 20;

  private static final int SOURCE_MIN = 64;
  private static final long HELD_MIN = 8 << 20;
}

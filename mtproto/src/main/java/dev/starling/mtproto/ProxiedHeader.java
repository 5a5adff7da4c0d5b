package dev.starling.mtproto;

import java.util.random.RandomGenerator;

/**
 * The obfuscated2 header of a client as a proxy reads it: whose secret made it, and what to say to
 * a data centre in its place. Not thread-safe.
 */
public final class ProxiedHeader {
  public static final int BYTES = Obfuscation.HEADER_BYTES;

  private static final int KEY_OFFSET = 8;
  private static final int TAG_OFFSET = 56;
  private static final int DC_OFFSET = 60;

  private final byte[] header;
  private final Obfuscation.TagReader tags;

  /**
   * @param header {@link #BYTES} of it, as they came
   */
  public ProxiedHeader(byte[] header) {
    this.header = Bytes.slice(header, 0, BYTES);
    this.tags = new Obfuscation.TagReader(this.header);
  }

  /** As it came. */
  public byte[] bytes() {
    return header.clone();
  }

  /** Bytes that a replay repeats, whatever it changes of the rest: the keys of both ways. */
  public byte[] keys() {
    return Obfuscation.keys(header);
  }

  /** Whether this secret made it: "the tag must fit", and be one that the secret's kind allows. */
  public boolean isUnder(ProxySecret secret) {
    Framing framing = Framing.ofTag(tags.tagUnder(secret));
    return framing != null && secret.kind().allows(framing);
  }

  /**
   * What goes on to a data centre, and how.
   *
   * @param secret one that {@link #isUnder} accepts
   */
  public ToDataCentre toDataCentre(ProxySecret secret, RandomGenerator random) {
    CtrStream fromClient = Obfuscation.clientToServer(header, secret);
    byte[] plain = fromClient.apply(header, 0, BYTES);
    byte[] n = new byte[BYTES];
    byte[] keys = Obfuscation.matching(header, secret);
    do {
      byte[] fresh = new byte[KEY_OFFSET];
      random.nextBytes(fresh);
      System.arraycopy(fresh, 0, n, 0, KEY_OFFSET);
      System.arraycopy(keys, 0, n, KEY_OFFSET, keys.length);
    } while (Obfuscation.isForbidden(n));
    System.arraycopy(plain, TAG_OFFSET, n, TAG_OFFSET, BYTES - TAG_OFFSET);
    CtrStream toServer = Obfuscation.clientToServer(n, null);
    byte[] encrypted = toServer.apply(n, 0, BYTES);
    System.arraycopy(encrypted, TAG_OFFSET, n, TAG_OFFSET, BYTES - TAG_OFFSET);
    return new ToDataCentre((short) Bytes.intAt(plain, DC_OFFSET), n, fromClient, toServer);
  }

  /**
   * The way to a data centre: the client's stream is taken from under the secret and put under a
   * key without one. The way back needs no cipher: the data centre's key stream is chosen to be the
   * one that the client expects. Not thread-safe.
   */
  public static final class ToDataCentre {
    private final int dc;
    private final byte[] header;
    private final CtrStream fromClient;
    private final CtrStream toServer;

    private ToDataCentre(int dc, byte[] header, CtrStream fromClient, CtrStream toServer) {
      this.dc = dc;
      this.header = header;
      this.fromClient = fromClient;
      this.toServer = toServer;
    }

    /** Which the client asks for: +10000 = test, negative = media; it may say anything. */
    public int dc() {
      return dc;
    }

    /** What the connection to the data centre begins with. */
    public byte[] header() {
      return header.clone();
    }

    /**
     * The client's next bytes as the data centre takes them.
     *
     * @param scratch of at least {@code length}, apart from the others: in place the cipher is half
     *     as fast
     */
    public void forward(byte[] in, int offset, int length, byte[] scratch, byte[] out, int to) {
      fromClient.apply(in, offset, length, scratch, 0);
      toServer.apply(scratch, 0, length, out, to);
    }

    /** The same in an array of its own, for what comes once. */
    public byte[] forward(byte[] in, int offset, int length) {
      byte[] plain = fromClient.apply(in, offset, length);
      return toServer.apply(plain, 0, plain.length);
    }

    /** Nothing has come for a while: lets go of what is quickly made again. */
    public void rest() {
      fromClient.rest();
      toServer.rest();
    }
  }
}

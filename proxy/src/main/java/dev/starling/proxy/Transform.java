package dev.starling.proxy;

import dev.starling.mtproto.ProxiedHeader;
import dev.starling.mtproto.TlsRecords;

/** What one direction of a relayed connection does to the bytes. */
sealed interface Transform {
  /** They go on as they are. */
  record Copy() implements Transform {}

  /** They are put into records of application data; nothing else happens to them. */
  record IntoRecords() implements Transform {}

  Transform COPY = new Copy();
  Transform INTO_RECORDS = new IntoRecords();

  /** They become others, never more than they were. Not thread-safe. */
  non-sealed interface Rewrite extends Transform {
    /** What {@link #apply} answers when the peer breaks the protocol. */
    int BROKEN = -1;

    /**
     * Takes the next bytes.
     *
     * @param out with room for {@code length} bytes, apart from {@code in}
     * @param scratch two arrays of that size, apart from the others
     * @return how many are in {@code out} now, or {@link #BROKEN}
     */
    int apply(byte[] in, int offset, int length, byte[] out, Scratch scratch);

    /** Nothing has come for a while: lets go of what is quickly made again. */
    default void rest() {}
  }

  /** Room to work in, one for each event loop. */
  @SuppressWarnings("ArrayRecordComponent")
  record Scratch(byte[] in, byte[] inner, byte[] plain, byte[] out) {
    /** Bytes that are worked on at once; ciphers are fastest from heap to heap. */
    static final int BYTES = 64 << 10;

    Scratch() {
      this(new byte[BYTES], new byte[BYTES], new byte[BYTES], new byte[BYTES]);
    }
  }

  /** From under the client's key to under the data centre's. */
  record ToDataCentre(ProxiedHeader.ToDataCentre way) implements Rewrite {
    @Override
    public int apply(byte[] in, int offset, int length, byte[] out, Scratch scratch) {
      way.forward(in, offset, length, scratch.plain, out, 0);
      return length;
    }

    @Override
    public void rest() {
      way.rest();
    }
  }

  /** Out of records. */
  final class OutOfRecords implements Rewrite {
    private final TlsRecords.Reader reader;
    private int filled;

    OutOfRecords(TlsRecords.Reader reader) {
      this.reader = reader;
    }

    @Override
    public int apply(byte[] in, int offset, int length, byte[] out, Scratch scratch) {
      filled = 0;
      String fault =
          reader.receive(
              in,
              offset,
              length,
              (bytes, from, count) -> {
                System.arraycopy(bytes, from, out, filled, count);
                filled += count;
              });
      return fault == null ? filled : BROKEN;
    }
  }

  /** Out of records, then from under the client's key to under the data centre's. */
  record RecordsToDataCentre(OutOfRecords records, ToDataCentre way) implements Rewrite {
    @Override
    public int apply(byte[] in, int offset, int length, byte[] out, Scratch scratch) {
      int count = records.apply(in, offset, length, scratch.inner, scratch);
      return count == BROKEN ? BROKEN : way.apply(scratch.inner, 0, count, out, scratch);
    }

    @Override
    public void rest() {
      way.rest();
    }
  }
}

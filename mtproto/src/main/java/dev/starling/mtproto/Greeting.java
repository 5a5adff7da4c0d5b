package dev.starling.mtproto;

/** What a client says before its transport begins, where a disguise wants that. Not thread-safe. */
public sealed interface Greeting permits TlsGreeting, WebSocketGreeting {

  /** What has come so far. */
  sealed interface Progress {
    /** The beginning of an answer. */
    record More() implements Progress {}

    /**
     * The transport may begin.
     *
     * @param rest what came after the answer: the transport's
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier
    record Welcome(byte[] rest) implements Progress {}

    /** Whoever answers is not who was meant: close. */
    record Failed(String why) implements Progress {}
  }

  /** What the connection begins with. */
  byte[] opening();

  /** Takes the next bytes of the answer, however they are cut. */
  Progress receive(byte[] in, int offset, int length);
}

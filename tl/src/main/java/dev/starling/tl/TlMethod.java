package dev.starling.tl;

/**
 * A call: what it asks is its fields, what it is answered with is {@code R}.
 *
 * @param <R> the answer: a record or sealed interface, a {@code List} of them, or a boxed primitive
 */
public interface TlMethod<R> extends TlObject {
  /** The name in the schema, as in {@code messages.sendMessage}. */
  String methodName();

  /**
   * Reads an answer of the canonical layer, or of any known one.
   *
   * @throws TlException if the bytes are no such answer
   */
  R readResult(TlReader in);

  /** Writes an answer in the shape of the writer's layer. */
  void writeResult(TlWriter out, R result);

  /**
   * The least answer: an {@code ...Empty} constructor where there is one, else zeros and empty
   * lists.
   */
  R emptyResult();
}

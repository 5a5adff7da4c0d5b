package dev.starling.messenger;

import dev.starling.tl.TlMethod;

/** What the gateway asks for every API call. */
public interface Methods {
  /**
   * Answers one call, in direct style on a virtual thread. Calls of one session come one after
   * another in the order they were sent; calls of different sessions run at once. The wrappers
   * ({@code invokeWithLayer}, {@code initConnection}, {@code invokeWithoutUpdates}, {@code
   * invokeAfterMsg}, {@code gzip_packed}) are off already.
   *
   * @return a result of the method's own type, or a refusal; an exception is a defect and is logged
   *     as one
   */
  Answer<?> call(Caller caller, TlMethod<?> method);
}

package dev.starling.client;

import dev.starling.tl.TlMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Who answers calls of the API. */
@FunctionalInterface
public interface Calls {

  /**
   * Sends a call; over lost connections it is sent again until it is answered.
   *
   * @return completed with the answer, an {@link RpcException} or a {@link ClientException}, on the
   *     reading thread: what depends on it must not block
   */
  <R> CompletableFuture<R> send(TlMethod<R> method);

  /**
   * As {@link #send}, and waits for the answer.
   *
   * @throws RpcException if the server refuses
   * @throws ClientException if it cannot be asked
   */
  default <R> R call(TlMethod<R> method) {
    return await(send(method));
  }

  /** Waits for a future and throws what it failed with. */
  static <R> R await(CompletableFuture<R> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}

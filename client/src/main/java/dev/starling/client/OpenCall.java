package dev.starling.client;

import dev.starling.client.ClientException.Reason;
import dev.starling.tl.Decoded;
import dev.starling.tl.Tl;
import dev.starling.tl.TlException;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlReader;
import dev.starling.tl.mt.RpcError;
import java.util.concurrent.CompletableFuture;

/** A call that waits for its answer, which only its method can read. */
record OpenCall<R>(TlMethod<R> method, CompletableFuture<R> future) {

  OpenCall(TlMethod<R> method) {
    this(method, new CompletableFuture<>());
  }

  /** Takes the boxed result, or the rpc_error in its place. */
  void answer(byte[] result) {
    TlReader in = new TlReader(result, 0, result.length);
    try {
      if (new TlReader(result, 0, result.length).readInt() == RpcError.ID) {
        refuse(Tl.decode(result));
      } else {
        future.complete(method.readResult(in));
      }
    } catch (TlException e) {
      fail(new ClientException(Reason.FAILED, method.methodName() + ": " + e.getMessage()));
    }
  }

  private void refuse(Decoded error) {
    if (error instanceof Decoded.Value(RpcError(int code, String message))) {
      future.completeExceptionally(new RpcException(code, message));
    } else {
      fail(new ClientException(Reason.FAILED, method.methodName() + ": a damaged rpc_error"));
    }
  }

  void fail(ClientException why) {
    future.completeExceptionally(why);
  }
}

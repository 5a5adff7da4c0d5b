package dev.starling.tl;

/**
 * {@code rpc_result#f35c6d01 req_msg_id:long result:Object = RpcResult}. The result stays raw,
 * since only the call that it answers knows its type: see {@link TlMethod#readResult}. It may be a
 * {@code rpc_error} or {@code gzip_packed}.
 */
@SuppressWarnings("ArrayRecordComponent") // a message body, never compared
public record RpcResult(long reqMsgId, byte[] result) implements TlObject {
  public static final int ID = 0xf35c6d01;

  @Override
  public int constructorId() {
    return ID;
  }

  @Override
  public void write(TlWriter out) {
    out.writeInt(ID);
    out.writeLong(reqMsgId);
    out.writeRaw(result);
  }

  static RpcResult readFields(TlReader in) {
    return new RpcResult(in.readLong(), in.readRaw(in.remaining()));
  }
}

package dev.starling.mtproto;

import java.util.HexFormat;
import java.util.List;

/** Writes down in hexadecimal what a transport finds. */
record Notes(List<String> lines) implements PacketSink {
  @Override
  public void packet(byte[] packet, boolean quickAckRequested) {
    lines.add(HexFormat.of().formatHex(packet) + (quickAckRequested ? " quick" : ""));
  }

  @Override
  public void quickAck(int token) {
    lines.add("ack " + Integer.toHexString(token));
  }
}

package dev.starling.mtproto;

/** Who sent a message. The two directions of one auth key use different slices of it. */
public enum Side {
  CLIENT(0),
  SERVER(8);

  /** "x = 0 for messages from client to server and x = 8 for those from server to client." */
  final int x;

  Side(int x) {
    this.x = x;
  }
}

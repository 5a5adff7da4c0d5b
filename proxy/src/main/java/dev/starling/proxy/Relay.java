package dev.starling.proxy;

import io.netty.channel.Channel;

/**
 * Joins two connections until both have ended: bytes, ends (FIN) and resets pass both ways, and who
 * is slow slows the other. On the event loop that both belong to.
 */
interface Relay {
  /** Both ways of one connection, and who is told of them. */
  record Ways(Transform up, Transform down, Meter meter) {}

  /** Told what passes. On the event loop. */
  interface Meter {
    Meter NONE =
        new Meter() {
          @Override
          public void up(int bytes) {}

          @Override
          public void down(int bytes) {}
        };

    void up(int bytes);

    void down(int bytes);
  }

  /**
   * Begins to relay; reads from both. Both channels have auto-read off and half-closure allowed;
   * either may have ended already.
   *
   * @param held bytes of the client that were read before
   */
  void join(Channel client, Channel upstream, Ways ways, byte[] held);
}

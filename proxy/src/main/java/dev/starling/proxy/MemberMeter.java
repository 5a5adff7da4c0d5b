package dev.starling.proxy;

import dev.starling.mtproto.Env;

/**
 * Counts what passes to a member's account, and ends the connection when they may use no more.
 * Belongs to one event loop.
 */
final class MemberMeter implements Relay.Meter {
  /** Looked at so seldom that it costs nothing; a limit is exceeded by that much at most. */
  private static final int LOOK_BYTES = 256 << 10;

  private final Member member;
  private final Env env;
  private final Runnable end;
  private int unlooked;

  /**
   * @param end closes the connection
   */
  MemberMeter(Member member, Env env, Runnable end) {
    this.member = member;
    this.env = env;
    this.end = end;
  }

  @Override
  public void up(int bytes) {
    member.countUp(bytes);
    look(bytes);
  }

  @Override
  public void down(int bytes) {
    member.countDown(bytes);
    look(bytes);
  }

  private void look(int bytes) {
    unlooked += bytes;
    if (unlooked >= LOOK_BYTES) {
      unlooked = 0;
      if (!member.mayGoOn(env.clock().instant())) {
        end.run();
      }
    }
  }
}

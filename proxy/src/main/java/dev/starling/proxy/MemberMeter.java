package dev.starling.proxy;

/** Counts what passes to a member's account. */
record MemberMeter(Member member) implements Relay.Meter {
  @Override
  public void up(int bytes) {
    member.countUp(bytes);
  }

  @Override
  public void down(int bytes) {
    member.countDown(bytes);
  }
}

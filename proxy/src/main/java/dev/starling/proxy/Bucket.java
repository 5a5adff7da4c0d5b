package dev.starling.proxy;

import java.util.List;

/**
 * Members whose secrets are tried one after another, those who came lately first. Thread-safe: two
 * who come at once may undo each other's place, which costs a few microseconds.
 */
final class Bucket {
  /** These are tried before anything else is done; who is among them keeps their place. */
  static final int HOT = 8;

  private volatile Member[] order;

  Bucket(List<Member> members) {
    order = members.toArray(Member[]::new);
  }

  /** In the order in which to try; not to be changed. */
  Member[] order() {
    return order;
  }

  /** This one has come. */
  void hit(Member member) {
    Member[] before = order;
    for (int i = HOT; i < before.length; i++) {
      if (before[i] == member) {
        Member[] after = before.clone();
        System.arraycopy(before, 0, after, 1, i);
        after[0] = member;
        order = after;
        return;
      }
    }
  }
}

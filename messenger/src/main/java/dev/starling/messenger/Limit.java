package dev.starling.messenger;

import java.time.Duration;
import java.util.stream.Stream;

/** How often something may be done; each says why so often and no more. */
enum Limit {
  /** Asking for a code by one auth key: a person mistypes a number a few times. */
  CODE_BY_KEY(10, Duration.ofHours(1)),

  /**
   * Asking for a code of one number by anybody: each asking is a message to the person, whom nobody
   * may drown.
   */
  CODE_OF_NUMBER(20, Duration.ofHours(1)),

  /** Codes tried by one auth key: two codes' worth of mistyping. */
  GUESS_BY_KEY(10, Duration.ofDays(1)),

  /**
   * Codes tried at one number by anybody: of 100,000 codes a guesser tries 15 a day, however many
   * keys he makes.
   */
  GUESS_OF_NUMBER(15, Duration.ofDays(1)),

  /** Invitations by one account: a circle of friends in a week, no army in a night. */
  INVITE_BY_ACCOUNT(5, Duration.ofDays(1)),

  /** Invitations of the whole service: what an operator can look through. */
  INVITE_OF_SERVICE(200, Duration.ofDays(1)),

  /**
   * Numbers looked up by one account: an address book, not a walk through all numbers there are.
   */
  LOOKUP_BY_ACCOUNT(500, Duration.ofDays(1)),

  /** Names and usernames changed by one account: each change is told to many. */
  PROFILE_BY_ACCOUNT(60, Duration.ofHours(1));

  /** No row is needed for longer. */
  static final int LONGEST_SECONDS =
      Stream.of(values()).mapToInt(limit -> limit.seconds).max().orElseThrow();

  final int most;
  final int seconds;

  Limit(int most, Duration window) {
    this.most = most;
    this.seconds = (int) window.toSeconds();
  }
}

package dev.starling.mtproto;

/**
 * The error_codes of bad_msg_notification
 * (core.telegram.org/mtproto/service_messages_about_messages#notification-of-ignored-error-message).
 */
final class BadMessage {
  /** "msg_id too low (most likely, client time is wrong)" */
  static final int ID_TOO_LOW = 16;

  /** "msg_id too high (similar to the previous case)" */
  static final int ID_TOO_HIGH = 17;

  /** "incorrect two lower order msg_id bits (the server expects client msg_id divisible by 4)" */
  static final int ID_NOT_DIVISIBLE = 18;

  /** "container msg_id is the same as msg_id of a previously received message" */
  static final int CONTAINER_ID_REUSED = 19;

  /** "message too old, and it cannot be verified whether the server has received it or not" */
  static final int TOO_OLD = 20;

  static final int SEQNO_TOO_LOW = 32;
  static final int SEQNO_TOO_HIGH = 33;

  /** "an even msg_seqno expected (irrelevant message), but odd received" */
  static final int SEQNO_MUST_BE_EVEN = 34;

  /** "odd msg_seqno expected (relevant message), but even received" */
  static final int SEQNO_MUST_BE_ODD = 35;

  /** "incorrect server salt" */
  static final int SALT = 48;

  /** "invalid container" */
  static final int CONTAINER = 64;

  private BadMessage() {}
}

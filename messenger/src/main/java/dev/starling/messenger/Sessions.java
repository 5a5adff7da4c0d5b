package dev.starling.messenger;

import dev.starling.tl.api.AnyUpdates;

/** The live sessions of accounts, as the business logic sees them. */
public interface Sessions {
  /**
   * Sends {@code updates} to every session of {@code accountId} that takes part in updates: those
   * that called {@code updates.getState} or {@code updates.getDifference}. Never waits for a
   * client: a session that lags is told to ask for the difference instead. Pushes of one account
   * must be made in the order of their pts.
   *
   * @param exceptSessionId the session whose own call caused this and learns it from the answer; 0
   *     leaves none out
   */
  void push(long accountId, AnyUpdates updates, long exceptSessionId);

  /**
   * Sends {@code updates} to one session of {@code accountId}, if it takes part in updates: what a
   * call has changed and its answer cannot say.
   */
  void pushTo(long accountId, long sessionId, AnyUpdates updates);

  /**
   * Sends {@code updates} to a session that nobody is signed in on yet, if it is there. Its id
   * alone says little: clients choose it.
   *
   * @param permanentKeyId its auth key, or the one that its temporary key speaks for
   */
  void tell(long permanentKeyId, long sessionId, AnyUpdates updates);

  /**
   * Whether anybody but {@code exceptSessionId} (0 excepts none) would take pushes of {@code
   * accountId}; a moment's view.
   */
  boolean listens(long accountId, long exceptSessionId);

  /**
   * Ends all pushes to the sessions of the permanent key {@code authKeyId} and of the temporary
   * ones that speak for it: it is signed out.
   */
  void drop(long authKeyId);

  /**
   * Tells the sessions of {@code authKeyId}, which is signed out already, to ask for the
   * difference, which they will be refused, and closes their connections.
   */
  void end(long authKeyId);
}

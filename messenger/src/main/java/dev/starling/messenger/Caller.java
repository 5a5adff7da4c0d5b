package dev.starling.messenger;

import dev.starling.tl.Layer;

/**
 * Who makes a call: a snapshot taken when the call's turn comes.
 *
 * @param authKeyId the permanent auth key that the call came under, by a temporary one or not; 0
 *     for a temporary one that is not bound
 * @param sessionId the session inside that auth key; what a push of one's own doing leaves out
 * @param layer the layer that the answer will be written in
 * @param dc the data centre that the client believes it speaks to, 1 or more: {@code
 *     config.this_dc} must say the same
 * @param accountId who is signed in by the auth key; 0 when nobody is
 * @param client what the client said of itself in this session
 * @param withoutUpdates whether the call came in {@code invokeWithoutUpdates}
 */
public record Caller(
    long authKeyId,
    long sessionId,
    Layer layer,
    int dc,
    long accountId,
    ClientInfo client,
    boolean withoutUpdates) {
  /** Whether somebody is signed in. */
  public boolean signedIn() {
    return accountId != 0;
  }
}

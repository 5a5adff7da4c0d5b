/**
 * An MTProto client: small, direct, and cheap enough to run by the thousand in one process.
 *
 * <pre>
 * Account (sign-in, people, dialogs)   Messages (order of updates, difference, sending)
 *                 \                       /
 *                  StarlingClient (calls over one session, reconnecting)
 *                            |
 *            Wire (socket, transport)   KeyExchange (auth key)
 * </pre>
 *
 * <p>Each client has two virtual threads, one that connects and reads and one that writes. Calls
 * block their caller, which is meant to be a virtual thread, or answer with a future.
 */
@NullMarked
package dev.starling.client;

import org.jspecify.annotations.NullMarked;

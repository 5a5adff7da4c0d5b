package dev.starling.client;

import dev.starling.mtproto.AuthKey;

/**
 * What is kept of a connection so that the next one needs no handshake and no sign-in.
 *
 * @param salt the server salt to begin with; an old one is mended by the server
 * @param timeOffsetMillis how far the server's clock is ahead of ours
 */
public record Credentials(AuthKey key, long salt, long timeOffsetMillis) {}

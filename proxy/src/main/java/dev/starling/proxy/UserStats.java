package dev.starling.proxy;

/**
 * What one user uses.
 *
 * @param connections open now
 * @param addresses from which they come now
 * @param connectionsEver since the start
 * @param up bytes from them, since the start
 * @param down bytes to them, since the start
 */
public record UserStats(
    User user, int connections, int addresses, long connectionsEver, long up, long down) {}

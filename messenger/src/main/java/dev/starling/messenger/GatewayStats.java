package dev.starling.messenger;

/**
 * What a gateway has done since it started, and has open now. Sums only: nothing here tells one
 * client from another.
 *
 * @param connections open now
 * @param sessions kept now, with or without a connection
 * @param connectionsRefused over the limit of connections
 * @param handshakes auth keys made
 * @param handshakesRefused failed, or turned away because too many waited
 * @param unknownKeys packets under an auth key that is not ours
 * @param dropped connections whose bytes were not the protocol's
 * @param packets encrypted packets accepted
 * @param calls API calls answered, refusals included
 * @param refusals calls answered by an error of the client's
 * @param defects calls answered by an error of ours
 * @param pushes updates handed to sessions
 * @param lags times that a session fell behind and was sent for a difference
 */
public record GatewayStats(
    long connections,
    long sessions,
    long connectionsRefused,
    long handshakes,
    long handshakesRefused,
    long unknownKeys,
    long dropped,
    long packets,
    long calls,
    long refusals,
    long defects,
    long pushes,
    long lags) {}

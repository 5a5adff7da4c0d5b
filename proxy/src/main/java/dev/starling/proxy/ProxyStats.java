package dev.starling.proxy;

/**
 * Sums since the start; nothing of it names anybody.
 *
 * @param connections accepted
 * @param open now
 * @param relaying of these, joined to upstream or origin
 * @param hellos of clients
 * @param admitted clients with a header
 * @param fronted spliced to the origin
 * @param noHello of these, no TLS hello at all
 * @param unknown hellos or headers that no secret made
 * @param unanswerable hellos that only a real server can answer
 * @param wrongName hellos for a site of nobody, or made with a secret for another
 * @param skewed hellos with a secret and a wrong time
 * @param replayed hellos or headers that came before
 * @param overLimit clients beyond their limits
 * @param broken who broke the records after the flight
 * @param originFailures connections that were reset because the origin did not answer
 * @param upstreamFailures clients for whom no upstream answered
 * @param medianSkewSeconds by how much the last clients' clocks were before ours
 * @param defects failures of ours
 */
public record ProxyStats(
    long connections,
    int open,
    int relaying,
    long hellos,
    long admitted,
    long fronted,
    long noHello,
    long unknown,
    long unanswerable,
    long wrongName,
    long skewed,
    long replayed,
    long overLimit,
    long broken,
    long originFailures,
    long upstreamFailures,
    long medianSkewSeconds,
    long defects) {
  static ProxyStats of(Counters counters, int open, long defects) {
    return new ProxyStats(
        counters.connections.sum(),
        open,
        counters.relaying.get(),
        counters.hellos.sum(),
        counters.admitted.sum(),
        counters.fronted.sum(),
        counters.foreignSum(Reception.Reason.NO_HELLO),
        counters.foreignSum(Reception.Reason.UNKNOWN),
        counters.foreignSum(Reception.Reason.UNANSWERABLE),
        counters.foreignSum(Reception.Reason.WRONG_NAME),
        counters.foreignSum(Reception.Reason.SKEWED),
        counters.foreignSum(Reception.Reason.REPLAYED),
        counters.overLimit.sum(),
        counters.broken.sum(),
        counters.originFailures.sum(),
        counters.upstreamFailures.sum(),
        counters.skews.median(),
        defects);
  }
}

package dev.starling.messenger;

import java.util.concurrent.atomic.LongAdder;

/** The running sums behind {@link GatewayStats}. */
final class GatewayCounters {
  final LongAdder connectionsRefused = new LongAdder();
  final LongAdder handshakes = new LongAdder();
  final LongAdder handshakesRefused = new LongAdder();
  final LongAdder unknownKeys = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder packets = new LongAdder();
  final LongAdder calls = new LongAdder();
  final LongAdder refusals = new LongAdder();
  final LongAdder defects = new LongAdder();
  final LongAdder pushes = new LongAdder();
  final LongAdder lags = new LongAdder();

  GatewayStats snapshot(long connections, long sessions) {
    return new GatewayStats(
        connections,
        sessions,
        connectionsRefused.sum(),
        handshakes.sum(),
        handshakesRefused.sum(),
        unknownKeys.sum(),
        dropped.sum(),
        packets.sum(),
        calls.sum(),
        refusals.sum(),
        defects.sum(),
        pushes.sum(),
        lags.sum());
  }
}

package dev.starling.proxy;

import dev.starling.mtproto.Env;
import dev.starling.mtproto.FakeTls;
import dev.starling.mtproto.Replays;

/** What all connections share. */
record Common(
    ProxySettings settings,
    Users users,
    FakeTls fakeTls,
    Shapes shapes,
    Replays headers,
    Upstream upstream,
    Counters counters,
    Impact impact,
    Defects defects,
    Env env) {
  byte[] alert() {
    return Alerts.encrypted(env.random());
  }
}

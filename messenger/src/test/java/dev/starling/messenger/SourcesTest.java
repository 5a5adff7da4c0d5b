package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SourcesTest {
  private final Sources sources = new Sources(new GatewayLimits(1600, 10, 10, 1, 1, 1L << 30));

  @Test
  void aNetworkIsOneSource() {
    assertEquals(source("2001:db8::1"), source("2001:db8:0:0:ffff::2"));
    assertNotEquals(source("2001:db8::1"), source("2001:db8:0:1::1"));
    assertNotEquals(source("192.0.2.1"), source("192.0.2.2"));
  }

  @Test
  void aSourceHasSoManyAndFewerThatAreSilent() {
    Object one = source("192.0.2.1");
    for (int i = 0; i < 100; i++) {
      assertTrue(sources.enter(one));
    }
    assertFalse(sources.enter(one));
    assertTrue(sources.enter(source("192.0.2.2")));
    for (int i = 0; i < 100; i++) {
      sources.spoke(one);
      assertTrue(sources.enter(one));
    }
    sources.spoke(one);
    assertFalse(sources.enter(one), "200 in all");
    sources.left(one, false);
    assertTrue(sources.enter(one));
  }

  @Test
  void manyWhoAreSilentMakeACrowd() {
    for (int i = 0; i < 401; i++) {
      assertFalse(sources.areCrowded());
      assertTrue(sources.enter(source("192.0.2." + i / 100)));
    }
    assertTrue(sources.areCrowded());
    sources.left(source("192.0.2.0"), true);
    assertFalse(sources.areCrowded());
  }

  private static Object source(String address) {
    return Sources.of(new InetSocketAddress(InetAddress.ofLiteral(address), 443));
  }
}

package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.tl.mt.FutureSalt;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("9. Salts change every 30 min, the old one lives 1800 s")
class SaltsTest {
  private static final Duration PERIOD = Duration.ofMinutes(30);

  private final ManualClock clock = new ManualClock();
  private final Salts salts = new Salts(AuthKeyTest.SAMPLE, clock.env(1));

  @Test
  void eachIsCurrentForHalfAnHourAndOldForAnother() {
    toNextPeriod();
    long first = salts.current();
    clock.advance(PERIOD.minusSeconds(1));
    assertEquals(first, salts.current());
    clock.advance(Duration.ofSeconds(1));
    assertNotEquals(first, salts.current());
    assertTrue(salts.accepts(first));
    clock.advance(Duration.ofSeconds(1799));
    assertTrue(salts.accepts(first));
    clock.advance(Duration.ofSeconds(1));
    assertFalse(salts.accepts(first));
  }

  @Test
  void noOtherIsAccepted() {
    assertTrue(salts.accepts(salts.current()));
    assertFalse(salts.accepts(salts.current() + 1));
    assertFalse(salts.accepts(0));
    assertFalse(salts.accepts(salts.future(2).get(1).salt()), "not before its time");
  }

  @Test
  void needNoStorage() {
    assertEquals(salts.current(), new Salts(AuthKeyTest.SAMPLE, clock.env(2)).current());
    assertNotEquals(salts.current(), new Salts(new AuthKey(new byte[256]), clock.env(1)).current());
  }

  @Test
  @DisplayName("the handshake's salt is accepted")
  void theHandshakeSaltIsAcceptedForAnHour() {
    assertFalse(salts.accepts(42));
    salts.acceptHandshakeSalt(42);
    clock.advance(Duration.ofSeconds(3599));
    assertTrue(salts.accepts(42));
    clock.advance(Duration.ofSeconds(1));
    assertFalse(salts.accepts(42));
  }

  @Test
  void theHandshakeSaltsHourBeginsWithTheHandshake() {
    salts.acceptHandshakeSalt(42, clock.millis() / 1000 - 3590);
    assertTrue(salts.accepts(42));
    clock.advance(Duration.ofSeconds(10));
    assertFalse(salts.accepts(42));
  }

  @Test
  void theFutureComesAsItWasTold() {
    List<FutureSalt> future = salts.future(64);
    assertEquals(64, future.size());
    Set<Long> different = new HashSet<>();
    for (FutureSalt salt : future) {
      clock.advance(Duration.ofMillis(Math.max(0, salt.validSince() * 1000L - clock.millis())));
      assertEquals(salt.salt(), salts.current());
      assertEquals(salt.validSince() + 3600, salt.validUntil());
      assertTrue(different.add(salt.salt()));
    }
  }

  @Test
  void theFutureIsBounded() {
    assertEquals(64, salts.future(Integer.MAX_VALUE).size());
    assertEquals(1, salts.future(-1).size());
  }

  private void toNextPeriod() {
    long since = salts.future(2).get(1).validSince();
    clock.advance(Duration.ofMillis(since * 1000 - clock.millis()));
  }
}

package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses, shell words, distances between words, the end. */
class SmallPartsTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.5,                 203.0.113.5:443",
    "0:0:0:0:0:0:0:1,             [::1]:443",
    "0:0:0:0:0:0:0:0,             [::]:443",
    "2001:db8:0:1:0:0:0:a,        [2001:db8:0:1::a]:443",
    "2001:db8:0:1:1:1:1:0,        [2001:db8:0:1:1:1:1:0]:443",
    "2001:db8:1:2:3:4:0:0,        [2001:db8:1:2:3:4::]:443",
  })
  void addressesAreShort(String address, String text) {
    InetSocketAddress socket = new InetSocketAddress(InetAddress.ofLiteral(address), 443);
    assertEquals(text, Addresses.text(socket));
    assertEquals(socket, Listen.parse(text));
  }

  @Test
  void wordsAreQuotedWhereAShellNeedsIt() {
    assertEquals("/srv/starling-1", Shell.word("/srv/starling-1"));
    assertEquals("'my data'", Shell.word("my data"));
    assertEquals("'it'\\''s $HOME'", Shell.word("it's $HOME"));
  }

  @ParameterizedTest
  @CsvSource({"listen,listen,0", "lisen,listen,1", "'',dc,2", "port,metrics,6"})
  void distanceCountsLetters(String one, String other, int distance) {
    assertEquals(distance, Spelling.distance(one, other));
  }

  @Test
  void aSecondSignalEndsAtOnce() {
    List<String> done = new ArrayList<>();
    Ending ending = new Ending(() -> done.add("in order"), () -> done.add("at once"));
    ending.ask();
    ending.ask();
    assertEquals(List.of("in order", "at once"), done);
  }
}

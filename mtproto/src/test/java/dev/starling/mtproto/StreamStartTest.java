package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamStartTest {

  /** Each start, and how many of its bytes tell. */
  @ParameterizedTest
  @CsvSource({
    "ef0a000000000000, 1, ABRIDGED",
    "eeeeeeee00000000, 4, INTERMEDIATE",
    "dddddddd00000000, 4, PADDED_INTERMEDIATE",
    "474554202f204854, 4, HTTP",
    "504f535420202020, 4, HTTP",
    "4845414420202020, 4, HTTP",
    "4f5054494f4e5320, 4, HTTP",
    "1603010200010001, 4, TLS",
    "16030106f2010006, 6, TLS",
    "1603010000010000, 6, TLS",
    "1603030200010001, 6, TLS",
    "3400000000000000, 8, FULL",
  })
  void tellsByTheFirstBytes(String hex, int bytes, StreamStart start) {
    byte[] head = HexFormat.of().parseHex(hex);
    for (int length = 0; length < bytes; length++) {
      assertEquals(StreamStart.UNDECIDED, StreamStart.of(head, length));
    }
    assertEquals(start, StreamStart.of(head, bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "eeeeeeddeeeeeeee",
    "deadbeef00000001",
    "16030106f2020006",
    "1603040200010001",
    "160301ffff010001",
    "0000000001000000"
  })
  void leavesTheRestUndecided(String hex) {
    assertEquals(StreamStart.UNDECIDED, StreamStart.of(HexFormat.of().parseHex(hex), 8));
  }
}

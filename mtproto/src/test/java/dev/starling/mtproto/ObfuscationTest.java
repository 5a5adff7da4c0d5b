package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObfuscationTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String KEY = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
  private static final ProxySecret PLAIN = ProxySecret.parse(KEY);
  private static final ProxySecret PADDED = ProxySecret.parse("dd" + KEY);
  private static final ProxySecret OTHER = ProxySecret.parse("00".repeat(16));

  /** One header twice, padded intermediate to data centre -2, by another implementation. */
  private static final String CLEAR =
      "01060b10151a1f24292e33383d42474c51565b60656a6f74797e83888d92979ca1a6abb0b5babfc4"
          + "c9ced3d8dde2e7ecf1f6fb00050a0f14";

  private static final byte[] WITHOUT_SECRET = HEX.parseHex(CLEAR + "834431f9d7bf40b4");
  private static final byte[] WITH_SECRET = HEX.parseHex(CLEAR + "61be51a196ad95f9");

  @Test
  void acceptsAKnownHeaderWithoutASecret() {
    Obfuscation streams = accept(WITHOUT_SECRET, PLAIN);
    assertNull(streams.secret());
    assertStreams(streams, "d820e841b320a523456fed6c28", "b7a3c3dc71fbda03");
  }

  @Test
  void acceptsAKnownHeaderWithASecret() {
    Obfuscation streams = accept(WITH_SECRET, OTHER, PADDED);
    assertEquals(PADDED, streams.secret());
    assertStreams(streams, "b6581cd444e432a6f1efca205d", "89d7e4f3c047d4d2");
  }

  private static void assertStreams(Obfuscation streams, String frame, String answer) {
    assertEquals(Framing.PADDED_INTERMEDIATE, streams.framing());
    assertEquals(-2, streams.dc());
    byte[] in = HEX.parseHex(frame);
    assertEquals("09000000313233343536373899", HEX.formatHex(streams.decrypt(in, 0, in.length)));
    assertEquals(answer, HEX.formatHex(streams.encrypt(HEX.parseHex("040000006cfeffff"))));
  }

  @Test
  void aHeaderOfAnotherSecretDoesNotFit() {
    assertNull(Obfuscation.accept(WITH_SECRET, List.of(OTHER)));
    assertNull(Obfuscation.accept(WITH_SECRET, List.of()));
  }

  @Test
  void aPaddedSecretTakesNoOtherFraming() {
    byte[] intermediate =
        Obfuscation.open(Framing.INTERMEDIATE, 2, PLAIN, true, new Random(1)).header();
    assertNull(Obfuscation.accept(intermediate, List.of(PADDED)));
    assertEquals(PLAIN, accept(intermediate, PADDED, PLAIN).secret());
  }

  @Property
  void aClientsHeaderIsNeverTakenForAnotherTransport(@ForAll long seed) {
    byte[] header =
        Obfuscation.open(Framing.INTERMEDIATE, -10_002, PLAIN, true, new Random(seed)).header();
    assertEquals(64, header.length);
    assertFalse(Obfuscation.isForbidden(header));
    assertEquals(-10_002, accept(header, PLAIN).dc());
  }

  @Test
  void forbiddenBeginningsAreDrawnAgain() {
    for (String start :
        List.of(
            "ef000000", "44454144", "eeeeeeee", "dddddddd", "48454144", "504f5354", "47455420")) {
      byte[] n = Bytes.concat(HEX.parseHex(start), new byte[4], new byte[56]);
      assertTrue(Obfuscation.isForbidden(n));
    }
    // Counting from 0xef: the first draw begins with it, the second, 64 bytes on, does not.
    Counter counter = new Counter();
    counter.nextBytes(new byte[0xef]);
    assertEquals(
        (byte) (0xef + 64),
        Obfuscation.open(Framing.INTERMEDIATE, 2, null, true, counter).header()[0]);
  }

  @Property
  void randomHeadersDoNotFit(@ForAll @Size(64) byte[] header) {
    assertNull(Obfuscation.accept(header, List.of(PLAIN, PADDED, OTHER)));
  }

  @Test
  void theStreamsGoOnAfterARest() {
    byte[] bytes = new byte[1000];
    CtrStream whole = new CtrStream(new byte[32], HEX.parseHex("ff".repeat(16)));
    CtrStream rested = new CtrStream(new byte[32], HEX.parseHex("ff".repeat(16)));
    byte[] expected = whole.apply(bytes, 0, bytes.length);
    Random random = new Random(1);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(random.nextInt(50), bytes.length - at);
      assertArrayEquals(
          Bytes.slice(expected, at, at + length), rested.apply(bytes, at, length), "at " + at);
      at += length;
      rested.rest();
    }
  }

  private static Obfuscation accept(byte[] header, ProxySecret... secrets) {
    @Nullable Obfuscation accepted = Obfuscation.accept(header, List.of(secrets));
    assertNotNull(accepted);
    return accepted;
  }
}

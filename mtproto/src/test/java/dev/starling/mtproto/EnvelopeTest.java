package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.starling.mtproto.Envelope.Opened;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final AuthKey KEY = AuthKeyTest.SAMPLE;

  private static final long SALT = 0x1122334455667788L;
  private static final long SESSION = 0x0123456789abcdefL;
  private static final long MSG_ID = 0x5f00000000000004L;
  private static final byte[] PING = HEX.parseHex("ec77be7a0807060504030201");

  /** The same message from either side, encrypted by another implementation. */
  private static final byte[] FROM_CLIENT =
      HEX.parseHex(
          "9fb90628b1c1f319201b1478ae1222b40aa45659202f949328b608cc31e2c5b7ff68e7e1f3b2668d4423b343f10b70ef"
              + "6fdfcf3cf055f6c1f562794f2b25bf258f5053dde7bb3386593ab5cfcc5634ab69a249d050dd75ff");

  private static final byte[] FROM_SERVER =
      HEX.parseHex(
          "9fb90628b1c1f31980bcee881305772a41b037de55120444bb0acbd20d58c3f4ec761d58dc5bf36a8be88c268885eddd"
              + "7f736cd63ff7572b2acc6a8366a98030f99e0b07cf96807955055c57dab2c23e3b24593453532757");

  @Test
  @DisplayName("2. msg_key: the middle of SHA256 over key part, plain text and padding")
  void opensAKnownMessageOfEachSide() {
    assertPing(Envelope.open(KEY, Side.CLIENT, FROM_CLIENT));
    assertPing(Envelope.open(KEY, Side.SERVER, FROM_SERVER));
  }

  @Test
  void sealsAKnownMessageOfEachSide() {
    byte[] plain = plain(PING.length, PING, 20);
    for (int i = 0; i < 20; i++) {
      plain[32 + PING.length + i] = (byte) (100 + i);
    }
    assertArrayEquals(FROM_CLIENT, Envelope.sealPadded(KEY, Side.CLIENT, plain));
    assertArrayEquals(FROM_SERVER, Envelope.sealPadded(KEY, Side.SERVER, plain));
  }

  @Test
  void authKeyIdLeadsThePacket() {
    assertEquals(KEY.id(), Envelope.authKeyId(FROM_CLIENT));
    assertEquals(0, Envelope.authKeyId(new byte[23]));
  }

  @Property
  void opensWhatItSeals(
      @ForAll long seed,
      @ForAll @IntRange(max = 600) int words,
      @ForAll Side from,
      @ForAll @IntRange(max = 15) int tail) {
    Random random = new Random(seed);
    byte[] body = new byte[4 * words];
    random.nextBytes(body);
    byte[] packet = Envelope.seal(KEY, from, random.nextLong(), SESSION, MSG_ID, 7, body, random);
    assertEquals(8, packet.length % 16);
    byte[] framed = Bytes.concat(packet, new byte[tail]);
    var message = assertInstanceOf(Opened.Message.class, Envelope.open(KEY, from, framed));
    assertArrayEquals(body, message.body());
    assertEquals(7, message.seqno());
  }

  @Test
  @DisplayName("11. sent again with fresh padding")
  void aMessageSentAgainLooksDifferent() {
    Random random = new Random(1);
    byte[] once = Envelope.seal(KEY, Side.SERVER, SALT, SESSION, MSG_ID, 1, PING, random);
    byte[] again = Envelope.seal(KEY, Side.SERVER, SALT, SESSION, MSG_ID, 1, PING, random);
    assertEquals(false, HEX.formatHex(once).equals(HEX.formatHex(again)));
  }

  @Test
  void aMessageIsNotReflected() {
    assertRefused("msg_key", Envelope.open(KEY, Side.SERVER, FROM_CLIENT));
  }

  @Test
  void anotherKeysMessageIsRefused() {
    byte[] other = KEY.key256().clone();
    other[255]++; // in none of the slices that encrypt
    assertRefused("another key", Envelope.open(new AuthKey(other), Side.CLIENT, FROM_CLIENT));
  }

  @Property
  @DisplayName("2. one changed bit, and msg_key does not verify")
  void aChangedBitIsRefused(@ForAll @IntRange(min = 0, max = 88 * 8 - 1) int bit) {
    byte[] packet = FROM_CLIENT.clone();
    packet[bit / 8] ^= (byte) (1 << (bit % 8));
    assertInstanceOf(Opened.Refused.class, Envelope.open(KEY, Side.CLIENT, packet));
  }

  /**
   * A wrong length, which only whoever holds the key can make, is found after msg_key, never
   * instead of it.
   */
  @Test
  @DisplayName("2. msg_key is checked before length has any meaning")
  void msgKeyIsJudgedBeforeLength() {
    byte[] packet = Envelope.sealPadded(KEY, Side.CLIENT, plain(-4, PING, 20));
    assertRefused("length or padding", Envelope.open(KEY, Side.CLIENT, packet));
    packet[8] ^= 1;
    assertRefused("msg_key", Envelope.open(KEY, Side.CLIENT, packet));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -4, 1, 10, 24, 36, Integer.MIN_VALUE, Integer.MAX_VALUE - 3})
  @DisplayName("3. length >= 0, a multiple of 4, within the plain text")
  void lengthIsWholeWordsWithinThePlainText(int length) {
    byte[] packet = Envelope.sealPadded(KEY, Side.CLIENT, plain(length, PING, 20));
    assertRefused("length or padding", Envelope.open(KEY, Side.CLIENT, packet));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 12, true",
    "4, 1020, true",
    "0, 16, true",
    "0, 1024, true",
    "8, 8, false",
    "4, 1036, false",
    "0, 1040, false"
  })
  @DisplayName("3. padding is 12 to 1024 bytes")
  void paddingIs12To1024Bytes(int body, int padding, boolean accepted) {
    byte[] packet = Envelope.sealPadded(KEY, Side.CLIENT, plain(body, new byte[body], padding));
    assertEquals(accepted, Envelope.open(KEY, Side.CLIENT, packet) instanceof Opened.Message);
  }

  /** The words of the length make 11 and 1025 impossible, but a length in bytes does not. */
  @ParameterizedTest
  @ValueSource(ints = {11, 1025})
  @DisplayName("3. padding of 11 and of 1025 bytes is refused")
  void paddingOf11And1025IsRefused(int padding) {
    int body = -(32 + padding) & 15;
    byte[] packet = Envelope.sealPadded(KEY, Side.CLIENT, plain(body, new byte[body], padding));
    assertRefused("length or padding", Envelope.open(KEY, Side.CLIENT, packet));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8, 23, 24, 40, 63, 71})
  @DisplayName("1. under 40 encrypted bytes, or no whole block: refused as a bad msg_key is")
  void aPacketTooShortForAMessageIsRefused(int length) {
    assertRefused(
        "too short", Envelope.open(KEY, Side.CLIENT, Bytes.slice(FROM_CLIENT, 0, length)));
  }

  @Property
  void randomPacketsAreRefused(@ForAll @Size(max = 300) byte[] packet) {
    assertInstanceOf(Opened.Refused.class, Envelope.open(KEY, Side.CLIENT, packet));
    Opened plain = Envelope.openPlain(packet);
    assertEquals(false, plain instanceof Opened.Message);
  }

  @Test
  void aBodyIsWholeWords() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Envelope.seal(KEY, Side.CLIENT, 0, 0, 0, 0, new byte[3], new Random(1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15})
  @DisplayName(
      "1. in plain text the length field tells where the message ends, whatever padding follows")
  void aPlainMessageHasItsLengthWhateverFramingLeavesBehind(int tail) {
    byte[] packet = Bytes.concat(Envelope.plain(MSG_ID, PING), new byte[tail]);
    var message = assertInstanceOf(Opened.Plain.class, Envelope.openPlain(packet));
    assertEquals(MSG_ID, message.msgId());
    assertArrayEquals(PING, message.body());
  }

  @Test
  void aBrokenPlainMessageIsRefused() {
    byte[] packet = Envelope.plain(MSG_ID, PING);
    assertRefused("not a plain message", Envelope.openPlain(Bytes.slice(packet, 0, 19)));
    assertRefused("not a plain message", Envelope.openPlain(FROM_CLIENT));
    assertRefused("length", Envelope.openPlain(Bytes.slice(packet, 0, packet.length - 4)));
    assertRefused("length", Envelope.openPlain(Bytes.concat(packet, new byte[16])));
    for (int length : new int[] {-4, 10, 16, Integer.MIN_VALUE}) {
      byte[] bad = packet.clone();
      Bytes.putInt(bad, 16, length);
      assertRefused("length", Envelope.openPlain(bad));
    }
  }

  private static byte[] plain(int length, byte[] body, int padding) {
    byte[] plain = new byte[32 + body.length + padding];
    Bytes.putLong(plain, 0, SALT);
    Bytes.putLong(plain, 8, SESSION);
    Bytes.putLong(plain, 16, MSG_ID);
    Bytes.putInt(plain, 24, 3);
    Bytes.putInt(plain, 28, length);
    System.arraycopy(body, 0, plain, 32, body.length);
    return plain;
  }

  private static void assertPing(Opened opened) {
    var message = assertInstanceOf(Opened.Message.class, opened);
    assertEquals(SALT, message.salt());
    assertEquals(SESSION, message.sessionId());
    assertEquals(MSG_ID, message.msgId());
    assertEquals(3, message.seqno());
    assertArrayEquals(PING, message.body());
  }

  private static void assertRefused(String why, Opened opened) {
    assertEquals(new Opened.Refused(why), opened);
  }
}

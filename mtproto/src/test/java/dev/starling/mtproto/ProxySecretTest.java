package dev.starling.mtproto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySecretTest {
  private static final String HEX = "a0a1a2a3a4a5a6a7a8a9aaabacadaeff";

  @Test
  void readsAndWritesHex() {
    assertEquals(ProxySecret.Kind.PLAIN, ProxySecret.parse(HEX).kind());
    assertEquals(ProxySecret.Kind.PADDED, ProxySecret.parse("DD" + HEX).kind());
    assertArrayEquals(HexFormat.of().parseHex(HEX), ProxySecret.parse("dd" + HEX).key16());
    assertEquals(HEX, ProxySecret.parse(HEX).format());
    assertEquals("dd" + HEX, ProxySecret.parse("dd" + HEX).format());
  }

  @Test
  void readsAndWritesTheDomainOfFakeTls() {
    String text = "ee" + HEX + "74682e6f7267";
    ProxySecret secret = ProxySecret.parse(text);
    assertEquals("th.org", secret.domain());
    assertEquals(text, secret.format());
    assertEquals(ProxySecret.Kind.FAKE_TLS, secret.kind());
    String longest = "61".repeat(182);
    assertEquals(182, ProxySecret.parse("ee" + HEX + longest).domain().length());
    assertThrows(
        IllegalArgumentException.class, () -> ProxySecret.parse("ee" + HEX + longest + "61"));
  }

  @Test
  void readsBothBase64Alphabets() {
    byte[] bytes = HexFormat.of().parseHex("dd" + "fbff" + HEX.substring(4));
    ProxySecret secret = ProxySecret.parse(HexFormat.of().formatHex(bytes));
    assertEquals(secret, ProxySecret.parse(Base64.getEncoder().encodeToString(bytes)));
    assertEquals(
        secret, ProxySecret.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a0",
        "a0a1a2a3a4a5a6a7a8a9aaabacadae",
        "cc" + HEX,
        "ee" + HEX,
        "ee" + HEX + "20",
        "?!",
        "dd"
      })
  void refusesWhatIsNoSecretWithoutRepeatingIt(String text) {
    var refused = assertThrows(IllegalArgumentException.class, () -> ProxySecret.parse(text));
    assertFalse(text.length() > 2 && String.valueOf(refused.getMessage()).contains(text));
  }

  @Test
  void isNotShown() {
    assertEquals("ProxySecret[PADDED]", ProxySecret.parse("dd" + HEX).toString());
  }

  @Test
  void has16Bytes() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ProxySecret(new byte[17], ProxySecret.Kind.PLAIN));
  }
}

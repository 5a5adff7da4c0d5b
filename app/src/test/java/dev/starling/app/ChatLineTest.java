package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatLineTest {
  @Test
  void aPlainLineIsSaid() {
    assertEquals(new ChatLine.Say("hello there"), ChatLine.parse("  hello there "));
    assertEquals(new ChatLine.Say("/to the moon"), ChatLine.parse("//to the moon"));
    assertEquals(new ChatLine.Nothing(), ChatLine.parse("   "));
  }

  @Test
  void commandsAreRead() {
    assertEquals(new ChatLine.To("@alice"), ChatLine.parse("/to @alice"));
    assertEquals(new ChatLine.To("+888 1234 5678"), ChatLine.parse("/TO  +888 1234 5678"));
    assertEquals(new ChatLine.ListChats(), ChatLine.parse("/list"));
    assertEquals(new ChatLine.Contacts(), ChatLine.parse("/contacts"));
    assertEquals(new ChatLine.Name("Ann", "van Dyke"), ChatLine.parse("/name Ann van Dyke"));
    assertEquals(new ChatLine.Name("Ann", ""), ChatLine.parse("/name Ann"));
    assertEquals(new ChatLine.Username("alice"), ChatLine.parse("/username @alice"));
    assertEquals(new ChatLine.LogOut(), ChatLine.parse("/logout"));
    assertEquals(new ChatLine.Help(), ChatLine.parse("/help"));
    assertEquals(new ChatLine.Quit(), ChatLine.parse("/quit"));
  }

  @Test
  void messagesAreNamedByTheirNumbers() {
    assertEquals(new ChatLine.Reply(12, "well then"), ChatLine.parse("/reply 12 well then"));
    assertEquals(new ChatLine.Edit(12, "ill"), ChatLine.parse("/EDIT #12  ill"));
    assertEquals(new ChatLine.Delete(7), ChatLine.parse("/delete 7"));
  }

  @Test
  void aHistoryHasALength() {
    assertEquals(new ChatLine.History(ChatLine.HISTORY_DEFAULT), ChatLine.parse("/history"));
    assertEquals(new ChatLine.History(5), ChatLine.parse("/history 5"));
    assertEquals(new ChatLine.History(ChatLine.HISTORY_MAX), ChatLine.parse("/history 100000"));
    assertEquals(new ChatLine.History(1), ChatLine.parse("/history -3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/to",
        "/name",
        "/username",
        "/history many",
        "/send x",
        "/\u001b[2J",
        "/reply",
        "/reply 5",
        "/reply x y",
        "/edit 0 x",
        "/delete",
        "/delete 5 6",
        "/delete -1",
        "/delete 99999999999"
      })
  void whatIsNoCommandIsTold(String line) {
    String why = assertInstanceOf(ChatLine.Wrong.class, ChatLine.parse(line)).why();
    assertEquals(-1, why.indexOf('\u001b'));
  }
}

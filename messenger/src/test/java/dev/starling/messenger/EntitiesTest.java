package dev.starling.messenger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.starling.tl.api.AnyInputUser;
import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.InputMessageEntityMentionName;
import dev.starling.tl.api.InputUser;
import dev.starling.tl.api.MessageEntityBlockquote;
import dev.starling.tl.api.MessageEntityBold;
import dev.starling.tl.api.MessageEntityCode;
import dev.starling.tl.api.MessageEntityCustomEmoji;
import dev.starling.tl.api.MessageEntityMentionName;
import dev.starling.tl.api.MessageEntityPre;
import dev.starling.tl.api.MessageEntitySpoiler;
import dev.starling.tl.api.MessageEntityTextUrl;
import dev.starling.tl.api.MessageEntityUrl;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EntitiesTest {
  private static OptionalLong seven(AnyInputUser user) {
    return user instanceof InputUser(long id, _) && id == 7
        ? OptionalLong.of(7)
        : OptionalLong.empty();
  }

  private static Answer<Entities> of(String text, AnyMessageEntity... entities) {
    return Entities.of(text, List.of(entities), EntitiesTest::seven);
  }

  private static Entities ok(String text, AnyMessageEntity... entities) {
    return switch (of(text, entities)) {
      case Answer.Result<Entities>(Entities value) -> value;
      case Answer.Refusal<Entities> refusal -> throw new AssertionError(refusal.message());
    };
  }

  private static String refusal(String text, AnyMessageEntity... entities) {
    return ((Answer.Refusal<Entities>) of(text, entities)).message();
  }

  /** What is found in a text: kind and piece of each, in order. */
  private static String found(String text) {
    StringBuilder found = new StringBuilder();
    List<AnyMessageEntity> entities = ok(text).entities();
    for (AnyMessageEntity entity : entities == null ? List.<AnyMessageEntity>of() : entities) {
      EntitySpan span = EntitySpan.of(entity);
      String kind = entity.getClass().getSimpleName().substring("MessageEntity".length());
      found.append(kind).append(' ').append(text, span.offset(), span.end()).append("; ");
    }
    return found.toString();
  }

  @Test
  void everyKindThatPeopleMakeIsKept() {
    AnyMessageEntity[] sent = {
      new MessageEntityBlockquote(true, 0, 12),
      new MessageEntityBold(0, 4),
      new MessageEntitySpoiler(1, 2),
      new MessageEntityPre(3, 2, "java"),
      new MessageEntityTextUrl(5, 2, "https://example.org/"),
      new MessageEntityCode(8, 1),
      new MessageEntityCustomEmoji(9, 2, 42),
    };
    assertEquals(List.of(sent), ok("some text, so", sent).entities());
  }

  @Test
  void whiteSpaceAroundTheTextIsCutAndEntitiesMoveAlong() {
    Entities cut = ok("  \n bold  ", new MessageEntityBold(2, 8));
    assertEquals(new Entities("bold", List.of(new MessageEntityBold(0, 4))), cut);
    assertNull(ok("   x", new MessageEntityBold(0, 2)).entities(), "nothing of it is left");
    assertEquals("MESSAGE_EMPTY", refusal(" \n "));
    assertEquals("MESSAGE_TOO_LONG", refusal("x".repeat(4097)));
  }

  @Test
  void boundsAreUtf16UnitsAndAreChecked() {
    assertEquals(
        List.of(new MessageEntityBold(2, 2)), ok("😀ab", new MessageEntityBold(2, 2)).entities());
    assertEquals("ENTITY_BOUNDS_INVALID", refusal("😀ab", new MessageEntityBold(2, 3)));
    assertEquals("ENTITY_BOUNDS_INVALID", refusal("😀ab", new MessageEntityBold(1, 2)));
    assertEquals("ENTITY_BOUNDS_INVALID", refusal("ab", new MessageEntityBold(-1, 2)));
    assertEquals(
        "ENTITY_BOUNDS_INVALID",
        refusal("ab", new MessageEntityBold(Integer.MAX_VALUE, Integer.MAX_VALUE)));
  }

  @Test
  void aMentionByNameMustMeanSomebody() {
    assertEquals(
        List.of(new MessageEntityMentionName(0, 3, 7)),
        ok("you!", new InputMessageEntityMentionName(0, 3, new InputUser(7, 1))).entities());
    assertEquals(
        "ENTITY_MENTION_USER_INVALID",
        refusal("you!", new InputMessageEntityMentionName(0, 3, new InputUser(8, 1))));
    assertNull(ok("you!", new MessageEntityMentionName(0, 3, 8)).entities(), "unchecked");
  }

  @Test
  void aTextSaysManyThingsByItself() {
    assertEquals("Url example.com; ", found("see example.com."));
    assertEquals("Url https://a.b/c_(d); ", found("(https://a.b/c_(d))"));
    assertEquals("Url http://localhost:8080/x; ", found("at http://localhost:8080/x, now"));
    assertEquals("Url кремль.рф/путь; ", found("кремль.рф/путь"));
    assertEquals("", found("hello.So it goes. Version 1.2.3 is e.g.fine"));
    assertEquals("Mention @alice; Hashtag #tag; Cashtag $USD; ", found("@alice #tag $USD"));
    assertEquals("", found("a@ #1 $usd C# no#tag /"));
    assertEquals("BotCommand /start; BotCommand /help@some_bot; ", found("/start /help@some_bot"));
    assertEquals("Email a.b+c@example.org; ", found("write to a.b+c@example.org!"));
    assertEquals("Phone +888 1234-5678; ", found("call +888 1234-5678"));
    assertEquals("Url t.me/joe?x=1#y; ", found("t.me/joe?x=1#y"));
  }

  @Test
  void nothingIsFoundWithinCodeAndLinksButWithinBold() {
    assertEquals(
        List.of(new MessageEntityCode(0, 11)),
        ok("example.com", new MessageEntityCode(0, 11)).entities());
    assertEquals(
        List.of(new MessageEntityBold(0, 11), new MessageEntityUrl(0, 11)),
        ok("example.com", new MessageEntityBold(0, 11)).entities());
  }

  @Test
  void aMessageHasAtMostAHundred() {
    assertEquals(100, Objects.requireNonNull(ok("@abcde ".repeat(150)).entities()).size());
  }

  @Test
  void aHostileTextIsReadInReasonableSteps() {
    for (String piece :
        List.of("a.", "-", "a@", "#", "/", "+1 ", "1", "@a", "http://", "((", "$A")) {
      ok(piece.repeat(4096 / piece.length()));
    }
  }
}

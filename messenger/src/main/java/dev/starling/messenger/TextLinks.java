package dev.starling.messenger;

import dev.starling.tl.api.AnyMessageEntity;
import dev.starling.tl.api.MessageEntityBotCommand;
import dev.starling.tl.api.MessageEntityCashtag;
import dev.starling.tl.api.MessageEntityEmail;
import dev.starling.tl.api.MessageEntityHashtag;
import dev.starling.tl.api.MessageEntityMention;
import dev.starling.tl.api.MessageEntityPhone;
import dev.starling.tl.api.MessageEntityUrl;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a plain text says without being marked: addresses, mentions, hashtags, cashtags, commands,
 * e-mail addresses, phone numbers. The rules are those by which clients colour a text while it is
 * written, so that both sides see the same.
 */
final class TextLinks {
  /** Two letters are a country's; of the others those that people write without a scheme. */
  private static final Set<String> TOP_DOMAINS =
      Set.of(
          """
          com org net info biz edu gov mil int name pro aero coop museum jobs mobi travel tel cat
          app dev page blog shop store online site website tech space cloud live life news world
          today media press social chat email work team group agency design studio art club fun
          games game xyz top icu vip wiki link click red blue pink green black gold one plus zone
          network systems solutions services digital company business finance bank money market
          academy school university science health care doctor legal law energy earth bio eco
          house home land city tours video audio radio film music photo photos pictures gallery
          moscow tatar berlin london paris amsterdam nyc tokyo wien koeln hamburg onion ton
          рф рус москва дети сайт онлайн укр бел қаз срб мкд бг
          """
              .strip()
              .split("\\s+"));

  private static final int WORD = Pattern.UNICODE_CHARACTER_CLASS;

  /** Host, perhaps with a scheme, perhaps with port and path. */
  private static final Pattern URL =
      Pattern.compile(
          "(?<![\\w@./$#-])(?:(?<scheme>https?|ftp|tg|ton|tonsite)://)?"
              + "(?<host>(?:[\\p{L}\\p{N}_-]{1,63}+\\.){0,10}(?<top>[\\p{L}\\p{N}-]{1,63}+))"
              + "(?::\\d{1,5})?(?![\\w@])(?<path>[/?#][^\\s\\u2000-\\u200b\"<>«»]{0,2048}+)?",
          WORD | Pattern.CASE_INSENSITIVE);

  private static final Pattern EMAIL =
      Pattern.compile(
          "(?<![\\w.%+@-])[a-z0-9._%+-]{1,64}+@(?:[a-z0-9-]{1,63}+\\.){1,8}[a-z]{2,24}(?![\\w@])",
          WORD | Pattern.CASE_INSENSITIVE);

  private static final Pattern MENTION =
      Pattern.compile("(?<![\\w@/.])@[a-zA-Z0-9_]{3,32}+(?!\\w)", WORD);

  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<![\\w/<>.:])/[a-zA-Z0-9_]{1,64}+(?:@[a-zA-Z0-9_]{3,32}+)?(?![\\w/<>])", WORD);

  private static final Pattern HASHTAG =
      Pattern.compile(
          "(?<![\\w#/&])#(?=[\\p{N}_]{0,255}\\p{L})[\\p{L}\\p{M}\\p{N}_]{1,256}+(?!#)", WORD);

  private static final Pattern CASHTAG =
      Pattern.compile("(?<![\\w$])\\$(?:1INCH|[A-Z]{1,8}+)(?![\\w$])", WORD);

  private static final Pattern PHONE =
      Pattern.compile("(?<![\\w+])\\+\\d(?:[ ()-]{0,2}\\d){6,14}(?!\\w)", WORD);

  private final String text;
  private final BitSet taken = new BitSet();
  private final List<AnyMessageEntity> found = new ArrayList<>();

  private TextLinks(String text) {
    this.text = text;
  }

  /** What {@code text} says; no two overlap. */
  static List<AnyMessageEntity> in(String text) {
    TextLinks links = new TextLinks(text);
    // Only where its mark is in the text at all: most messages have none of them.
    if (text.indexOf('@') >= 0) {
      links.find(EMAIL, MessageEntityEmail::new);
    }
    if (mayHoldHost(text)) {
      links.findUrls();
    }
    if (text.indexOf('@') >= 0) {
      links.find(MENTION, MessageEntityMention::new);
    }
    if (text.indexOf('#') >= 0) {
      links.find(HASHTAG, MessageEntityHashtag::new);
    }
    if (text.indexOf('$') >= 0) {
      links.find(CASHTAG, MessageEntityCashtag::new);
    }
    if (text.indexOf('/') >= 0) {
      links.find(COMMAND, MessageEntityBotCommand::new);
    }
    if (text.indexOf('+') >= 0) {
      links.find(PHONE, MessageEntityPhone::new);
    }
    return links.found;
  }

  /** A host has a dot with no space behind it; one without a dot has a scheme before it. */
  private static boolean mayHoldHost(String text) {
    for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
      if (dot + 1 < text.length() && !Character.isWhitespace(text.charAt(dot + 1))) {
        return true;
      }
    }
    return text.contains("://");
  }

  private void find(Pattern pattern, BiFunction<Integer, Integer, AnyMessageEntity> entity) {
    for (Matcher m = pattern.matcher(text); m.find(); ) {
      add(m.start(), m.end(), entity);
    }
  }

  private void findUrls() {
    for (Matcher m = URL.matcher(text); m.find(); ) {
      boolean named = m.group("scheme") != null;
      if (named || isDomain(m.group("host"), m.group("top"))) {
        add(m.start(), trimmed(m.start(), m.end()), MessageEntityUrl::new);
      }
    }
  }

  private static boolean isDomain(String host, String top) {
    String lower = top.toLowerCase(Locale.ROOT);
    boolean country = lower.length() == 2 && lower.chars().allMatch(c -> c >= 'a' && c <= 'z');
    // "hello.So it goes": a sentence that begins without a space is no address.
    boolean sentence =
        Character.isUpperCase(top.charAt(0)) && top.substring(1).equals(lower.substring(1));
    return host.length() > top.length()
        && !sentence
        && (country || lower.startsWith("xn--") || TOP_DOMAINS.contains(lower));
  }

  /** Punctuation behind an address ends the sentence; a bracket does when none was opened. */
  private int trimmed(int start, int end) {
    int last = end;
    while (last > start) {
      char c = text.charAt(last - 1);
      boolean closes =
          (c == ')' && count(start, last, '(') < count(start, last, ')'))
              || (c == ']' && count(start, last, '[') < count(start, last, ']'))
              || (c == '}' && count(start, last, '{') < count(start, last, '}'));
      if (!closes && ".,:;!?'`…".indexOf(c) < 0) {
        break;
      }
      last--;
    }
    return last;
  }

  private long count(int from, int to, char wanted) {
    return text.substring(from, to).chars().filter(c -> c == wanted).count();
  }

  private void add(int start, int end, BiFunction<Integer, Integer, AnyMessageEntity> entity) {
    int clash = taken.nextSetBit(start);
    if (clash < 0 || clash >= end) {
      taken.set(start, end);
      found.add(entity.apply(start, end - start));
    }
  }
}

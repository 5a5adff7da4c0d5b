package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What no rule finds: chosen by hand, by somebody who knows what clients do with it. */
final class Adapters {
  /**
   * What stands for a constructor that a layer lacks, by type, where it would be wrong to leave the
   * value out. Fields of the same name are kept.
   */
  static final Map<String, String> SUBSTITUTES =
      Map.of(
          "MessageMedia", "messageMediaUnsupported",
          "MessageAction", "messageActionEmpty",
          "PageBlock", "pageBlockUnsupported",
          "RichText", "textEmpty",
          "UserStatus", "userStatusEmpty",
          "EmojiStatus", "emojiStatusEmpty");

  /** The least of their types: those that a rule would find make clients act. */
  static final Set<String> LAST_RESORTS = Set.of("updateConfig", "sendMessageCancelAction");

  /** As dev.starling.tl.Conversion, in its order. */
  enum Conversion {
    NONE,
    TEXT,
    EMOTICON,
    SECONDS,
    REPLY_TO,
    REPLY_TOP,
    USERNAME
  }

  /**
   * A field that has since changed its type, and perhaps its name.
   *
   * @param older what it was, in TL
   * @param now what it is
   */
  private record Retyped(String older, String now, Conversion conversion) {}

  private static final List<Retyped> RETYPED =
      List.of(
          new Retyped("title:string", "title:TextWithEntities", Conversion.TEXT),
          new Retyped("question:string", "question:TextWithEntities", Conversion.TEXT),
          new Retyped("text:string", "text:TextWithEntities", Conversion.TEXT),
          new Retyped("reaction:string", "reaction:Reaction", Conversion.EMOTICON),
          new Retyped("duration:int", "duration:double", Conversion.SECONDS),
          new Retyped("reply_to_msg_id:int", "reply_to:InputReplyTo", Conversion.REPLY_TO),
          new Retyped("top_msg_id:int", "reply_to:InputReplyTo", Conversion.REPLY_TOP),
          new Retyped("username:string", "usernames:Vector<Username>", Conversion.USERNAME));

  /**
   * Limits that clients have since learned from help.getAppConfig, and the values these had; zero
   * would forbid what they limit.
   */
  static final Map<String, Integer> CONSTANTS =
      Map.of(
          "pinned_dialogs_count_max", 5,
          "pinned_infolder_count_max", 100,
          "saved_gifs_limit", 200,
          "stickers_faved_limit", 5);

  /** Methods that answered Bool and may well be answered "no"; others say that it is done. */
  static final Set<String> ANSWERED_NO = Set.of("stories.canSendStory");

  private Adapters() {}

  /** What a field is of the record that the canonical layer has. */
  record Match(int component, Conversion conversion) {}

  static final Match NO_MATCH = new Match(WireTable.NONE, Conversion.NONE);

  /** The component of the same name, if its values are of the same kind, or were made so. */
  static Match match(Definition target, Param older) {
    List<Param> components = target.components();
    for (int i = 0; i < components.size(); i++) {
      Param now = components.get(i);
      if (Names.component(now.name()).equals(Names.component(older.name()))
          && plain(now.type()).equals(plain(older.type()))) {
        return new Match(i, Conversion.NONE);
      }
    }
    for (int i = 0; i < components.size(); i++) {
      for (Retyped retyped : RETYPED) {
        if (retyped.older.equals(print(older)) && retyped.now.equals(print(components.get(i)))) {
          return new Match(i, retyped.conversion);
        }
      }
    }
    return NO_MATCH;
  }

  /** The fields that changed, as they were and as they are. */
  static Map<String, String> retyped() {
    var lines = new LinkedHashMap<String, String>();
    RETYPED.forEach(retyped -> lines.put(retyped.older, retyped.now));
    return lines;
  }

  /** What is written for a number that the canonical layer has no more. */
  static int constant(Param older) {
    return CONSTANTS.getOrDefault(older.name(), 0);
  }

  private static TypeRef plain(TypeRef type) {
    return type.name().equals("true") ? TypeRef.of("Bool") : type;
  }

  private static String print(Param param) {
    return param.name() + ":" + TlText.print(param.type());
  }
}

package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Flag;
import dev.starling.tl.compiler.Schema.Param;
import dev.starling.tl.compiler.Schema.TypeRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The TL language itself (core.telegram.org/mtproto/TL), as far as schemas use it. */
final class TlText {
  private static final Pattern COMMENT = Pattern.compile("//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern FLAG = Pattern.compile("(\\w+)\\.(\\d+)\\?(.+)");
  private static final Pattern VECTOR = Pattern.compile("([Vv])ector<(%?)([\\w.]+)>");

  private TlText() {}

  /** Parses a whole file: constructors, then after {@code ---functions---} methods. */
  static List<Definition> parse(String text) {
    var definitions = new ArrayList<Definition>();
    boolean isMethod = false;
    String marked = COMMENT.matcher(text).replaceAll("").replaceAll("---(\\w+)---", "---$1;");
    for (String line : marked.split(";", -1)) {
      String definition = line.strip().replaceAll("\\s+", " ");
      if (definition.startsWith("---")) {
        isMethod = definition.equals("---functions");
      } else if (!definition.isEmpty() && !isBuiltIn(definition)) {
        definitions.add(definition(definition, isMethod));
      }
    }
    return definitions;
  }

  /**
   * {@code vector {t:Type} # [ t ] = Vector t}, {@code boolTrue = Bool} and the like: written by
   * hand.
   */
  private static boolean isBuiltIn(String line) {
    return line.contains("[")
        || line.contains(" ?")
        || line.matches("(boolTrue|boolFalse|true|null|vector)\\b.*");
  }

  private static Definition definition(String line, boolean isMethod) {
    int equals = line.lastIndexOf(" = ");
    if (equals < 0) {
      throw new SchemaException("no result type in: " + line);
    }
    String[] words = line.substring(0, equals).split(" ", -1);
    int hash = words[0].indexOf('#');
    String name = hash < 0 ? words[0] : words[0].substring(0, hash);
    int id = hash < 0 ? crc(line) : Integer.parseUnsignedInt(words[0].substring(hash + 1), 16);
    var params = new ArrayList<Param>();
    for (int i = 1; i < words.length; i++) {
      if (!words[i].startsWith("{")) {
        params.add(param(words[i]));
      }
    }
    return new Definition(
        isMethod, name, id, List.copyOf(params), type(line.substring(equals + 3)));
  }

  static Param param(String word) {
    int colon = word.indexOf(':');
    if (colon < 0) {
      throw new SchemaException("no type in: " + word);
    }
    String type = word.substring(colon + 1);
    Matcher flag = FLAG.matcher(type);
    @Nullable Flag condition =
        flag.matches() ? new Flag(flag.group(1), Integer.parseInt(flag.group(2))) : null;
    return new Param(
        word.substring(0, colon), condition, type(condition == null ? type : flag.group(3)));
  }

  static TypeRef type(String text) {
    Matcher vector = VECTOR.matcher(text);
    if (!vector.matches()) {
      return TypeRef.of(text);
    }
    return new TypeRef(vector.group(3), true, vector.group(1).equals("v"));
  }

  /**
   * The id of a definition that states none: the CRC-32 of its text without punctuation, {@code
   * bytes} as {@code string}, and without {@code true} flags, which may therefore be added to a
   * constructor in place.
   */
  static int crc(String definition) {
    String plain =
        definition
            .replaceAll("#[0-9a-f]{4,8} ", " ")
            .replaceAll(" \\w+:\\w+\\.\\d+\\?true\\b", "")
            .replaceAll("([:?])bytes\\b", "$1string")
            .replace("{", "")
            .replace("}", "")
            .replace('<', ' ')
            .replace(">", "");
    var crc = new CRC32();
    crc.update(plain.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** Throws if the definition's id is not that of what it says. */
  static Definition prove(Definition definition) {
    if (crc(print(definition)) != definition.id()) {
      throw new SchemaException(
          "the id "
              + Integer.toHexString(definition.id())
              + " is not that of: "
              + print(definition));
    }
    return definition;
  }

  /** The definition as a line of TL, without its id. */
  static String print(Definition definition) {
    var line = new StringBuilder(definition.name());
    if (definition.isGeneric()) {
      line.append(" {X:Type}");
    }
    for (Param param : definition.params()) {
      line.append(' ').append(param.name()).append(':');
      if (param.flag() != null) {
        line.append(param.flag().word()).append('.').append(param.flag().bit()).append('?');
      }
      line.append(print(param.type()));
    }
    return line.append(" = ").append(print(definition.result())).toString();
  }

  static String print(TypeRef type) {
    return type.vector() ? (type.bare() ? "vector<" : "Vector<") + type.name() + ">" : type.name();
  }
}

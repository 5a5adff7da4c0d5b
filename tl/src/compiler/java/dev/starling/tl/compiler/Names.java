package dev.starling.tl.compiler;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.lang.model.SourceVersion;

/** How names of the schema become names of Java. */
final class Names {
  /**
   * Methods of Object and of the generated records that take no argument: no accessor may hide
   * them.
   */
  private static final Set<String> TAKEN =
      Set.of(
          "clone",
          "finalize",
          "getClass",
          "hashCode",
          "notify",
          "notifyAll",
          "toString",
          "wait",
          "constructorId",
          "methodName",
          "emptyResult",
          "empty",
          "of",
          "tl");

  /** Types that the generated sources import. */
  private static final Set<String> IMPORTED =
      Set.of(
          "TlObject", "TlMethod", "TlReader", "TlWriter", "Fields", "List", "Nullable", "Registry");

  private static final Map<String, Boolean> IN_JAVA_LANG = new ConcurrentHashMap<>();

  private Names() {}

  /**
   * {@code messages.sendMessage} -> {@code MessagesSendMessage}; a name of java.lang gets a
   * trailing underscore.
   */
  static String type(String name) {
    var pascal = new StringBuilder();
    for (String word : name.split("[._]", -1)) {
      pascal.append(capital(word));
    }
    String plain = pascal.toString();
    return isTaken(plain) ? plain + "_" : plain;
  }

  /**
   * A sealed interface over several constructors: {@code messages.Dialogs} -> {@code
   * AnyMessagesDialogs}.
   */
  static String union(String name) {
    return "Any" + type(name);
  }

  /** {@code first_name} -> {@code firstName}; a Java keyword gets a trailing underscore. */
  static String component(String name) {
    String[] words = name.split("_", -1);
    var camel = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      camel.append(capital(words[i]));
    }
    String plain = camel.toString();
    return SourceVersion.isKeyword(plain) || TAKEN.contains(plain) ? plain + "_" : plain;
  }

  static String capital(String word) {
    return word.isEmpty() ? "" : Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static boolean isTaken(String name) {
    return IMPORTED.contains(name) || IN_JAVA_LANG.computeIfAbsent(name, Names::isInJavaLang);
  }

  private static boolean isInJavaLang(String name) {
    try {
      Class.forName("java.lang." + name, false, null);
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }
}

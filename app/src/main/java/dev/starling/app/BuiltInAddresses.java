package dev.starling.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The addresses that stock clients have compiled in. Two ways are known:
 *
 * <ul>
 *   <li>Telegram Desktop has a table of {@code struct {int id; const char *ip; int port;}} and the
 *       texts apart from it, each with a zero behind.
 *   <li>TDLib makes short {@code std::string}s, whose texts the compiler (Clang, x86-64, libc++)
 *       writes as operands of instructions: the first 7 characters, in one piece or as 4 and 4 that
 *       overlap, then the other 8. The parser stops at a zero, so a shorter text may end early.
 * </ul>
 *
 * <p>IPv6 addresses are made unreachable, or a client that prefers IPv6 would visit Telegram.
 */
final class BuiltInAddresses {
  private BuiltInAddresses() {}

  /** The longest IPv4 address as text. */
  private static final int TEXT_MAX = 15;

  /** What stands for "nowhere" where the address does not fit: RFC 5737, TEST-NET-1. */
  private static final String NOWHERE = "192.0.2.1";

  /**
   * Puts an IPv4 address and port in the place of all built-in ones.
   *
   * @return false when none were recognised, and nothing was changed
   */
  static boolean replace(Binary binary, String address, int port) {
    return Table.replace(binary, address, port) || Operands.replace(binary, address, port);
  }

  /** Telegram Desktop's. */
  private static final class Table {
    /** Rows of the production table: data centre and text. */
    private static final List<Map.Entry<Integer, String>> ROWS =
        List.of(
            Map.entry(1, "149.154.175.50"),
            Map.entry(2, "149.154.167.51"),
            Map.entry(2, "95.161.76.100"),
            Map.entry(3, "149.154.175.100"),
            Map.entry(4, "149.154.167.91"),
            Map.entry(5, "149.154.171.5"));

    private static final List<String> TEST =
        List.of("149.154.175.10", "149.154.167.40", "149.154.175.117");

    private static final List<String> IPV6 =
        List.of("2001:0b28:f23", "2001:067c:4e8", "2001:067c:04e8");

    private static final int ROW_BYTES = 24;
    private static final int PORT_OFFSET = 16;
    private static final int PORT = 443;

    /** The data centre that Telegram Desktop begins with. */
    private static final int FIRST = 2;

    private static boolean replace(Binary binary, String address, int port) {
      List<Integer> texts = new ArrayList<>();
      for (var row : ROWS) {
        List<Integer> found = text(binary, row.getValue());
        if (found.size() != 1) {
          return false;
        }
        texts.addAll(found);
      }
      List<Integer> tables = tables(binary);
      if (tables.size() != 1) {
        return false;
      }
      putRows(binary, texts, tables.getFirst(), address, port);
      for (String test : TEST) {
        text(binary, test).forEach(place -> putText(binary, place, test, NOWHERE));
      }
      for (String prefix : IPV6) {
        binary.find(Binary.latin(prefix)).forEach(place -> binary.put(place, Binary.latin("0100")));
      }
      return true;
    }

    /** Places of a text that is whole: a zero before and behind it. */
    private static List<Integer> text(Binary binary, String text) {
      return binary.find(Binary.latin("\0" + text + "\0")).stream()
          .map(place -> place + 1)
          .toList();
    }

    private static List<Integer> tables(Binary binary) {
      return binary.find(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}).stream()
          .filter(place -> isTable(binary, place))
          .toList();
    }

    private static boolean isTable(Binary binary, int place) {
      for (int i = 0; i < ROWS.size(); i++) {
        int row = place + i * ROW_BYTES;
        if (binary.intAt(row) != ROWS.get(i).getKey() || binary.intAt(row + PORT_OFFSET) != PORT) {
          return false;
        }
      }
      return true;
    }

    /**
     * A row with room gets the address. If none of the first data centre's has, another row changes
     * its number with one of those.
     */
    private static void putRows(
        Binary binary, List<Integer> texts, int table, String address, int port) {
      boolean isFirstSeen = false;
      for (int i = ROWS.size() - 1; i >= 0; i--) {
        boolean hasRoom = address.length() <= ROWS.get(i).getValue().length();
        putText(binary, texts.get(i), ROWS.get(i).getValue(), hasRoom ? address : NOWHERE);
        binary.putInt(table + i * ROW_BYTES + PORT_OFFSET, port);
        isFirstSeen |= hasRoom && ROWS.get(i).getKey() == FIRST;
      }
      if (!isFirstSeen) {
        for (int i = 0; i < ROWS.size(); i++) {
          int id = ROWS.get(i).getKey();
          boolean hasRoom = address.length() <= ROWS.get(i).getValue().length();
          int other = id == FIRST ? roomy(address) : hasRoom ? FIRST : id;
          binary.putInt(table + i * ROW_BYTES, other);
        }
      }
    }

    private static int roomy(String address) {
      return ROWS.stream()
          .filter(row -> address.length() <= row.getValue().length())
          .findFirst()
          .orElseThrow()
          .getKey();
    }

    private static void putText(Binary binary, int place, String old, String text) {
      binary.put(place, Binary.latin(text + "\0".repeat(old.length() - text.length())));
    }
  }

  /** TDLib's. */
  private static final class Operands {
    /** The ports 443 and 80 as one operand; 5222 follows. */
    private static final byte[] PORTS = {(byte) 0xbb, 1, 0, 0, 80, 0, 0, 0};

    private static final byte[] LAST_PORT = {0x66, 0x14, 0, 0};
    private static final int LAST_PORT_WITHIN = 64;

    /** The function's length is about 2,500 bytes, and it begins 100 bytes before the ports. */
    private static final int BEFORE = 512;

    private static final int AFTER = 4096;

    private static final List<String> SECOND_HALVES =
        List.of(".175.50\0", ".167.51\0", ".175.100", ".167.91\0", ".171.5\0\0", "76.100\0\0");

    private static final List<String> TEST_HALVES = List.of(".175.10\0", ".167.40\0", ".175.117");

    private static boolean replace(Binary binary, String address, int port) {
      List<Integer> ports =
          binary.find(PORTS).stream().filter(place -> isFunction(binary, place)).toList();
      if (ports.size() != 1) {
        return false;
      }
      int place = ports.getFirst();
      binary.putInt(place, port);
      binary.putInt(place + 4, port);
      binary.putInt(binary.find(LAST_PORT, place, place + LAST_PORT_WITHIN).getFirst(), port);
      edits(address + "\0".repeat(TEXT_MAX - address.length()), binary, place)
          .forEach((at, piece) -> binary.put(at, Binary.latin(piece)));
      return true;
    }

    /** All of them by place, before any is made: what is put in is not looked through. */
    private static Map<Integer, String> edits(String text, Binary binary, int ports) {
      Map<String, String> pieces = new LinkedHashMap<>();
      pieces.put("149.154", text.substring(0, 7));
      pieces.put("149.", text.substring(0, 4));
      pieces.put(".154", text.substring(3, 7));
      pieces.put("95.161.", text.substring(0, 7));
      pieces.put("95.1", text.substring(0, 4));
      pieces.put("161.", text.substring(3, 7));
      SECOND_HALVES.forEach(half -> pieces.put(half, text.substring(7)));
      TEST_HALVES.forEach(half -> pieces.put(half, text.substring(7)));
      pieces.put("2001:", "0100:");
      pieces.put("2001", "0100");
      pieces.put("1:b2", "0:b2");
      pieces.put("1:67", "0:67");
      Map<Integer, String> edits = new TreeMap<>();
      pieces.forEach(
          (old, piece) ->
              places(binary, ports, old).stream()
                  .filter(place -> !isWithin(edits, place))
                  .forEach(place -> edits.put(place, piece)));
      return edits;
    }

    /** "149." is found in "149.154" too; the halves of one that overlap lie in several operands. */
    private static boolean isWithin(Map<Integer, String> edits, int place) {
      return edits.entrySet().stream()
          .anyMatch(
              edit -> edit.getKey() <= place && place < edit.getKey() + edit.getValue().length());
    }

    private static boolean isFunction(Binary binary, int place) {
      return !binary.find(LAST_PORT, place, place + LAST_PORT_WITHIN).isEmpty()
          && (has(binary, place, "149.154")
              || (has(binary, place, "149.") && has(binary, place, ".154")))
          && SECOND_HALVES.stream().allMatch(half -> has(binary, place, half));
    }

    private static boolean has(Binary binary, int ports, String text) {
      return !places(binary, ports, text).isEmpty();
    }

    private static List<Integer> places(Binary binary, int ports, String text) {
      return binary.find(Binary.latin(text), ports - BEFORE, ports + AFTER);
    }
  }
}

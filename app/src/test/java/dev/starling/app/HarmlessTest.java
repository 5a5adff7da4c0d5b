package dev.starling.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HarmlessTest {
  @Test
  void ordinaryTextStaysAsItIs() {
    String text = "Grüße, 世界! 👩‍👩‍👧 \"$(rm)\" `x`";
    assertEquals(text, Harmless.text(text));
    assertEquals(text, Harmless.line(text));
  }

  @Test
  void escapeSequencesLoseTheirEscape() {
    assertEquals("[2Jhi", Harmless.text("\u001b[2Jhi\u0007"));
    assertEquals("31mhi", Harmless.text("\u009b31mhi")); // CSI as a C1 character
    assertEquals("]0;title\\hi", Harmless.text("\u001b]0;title\u001b\\hi\u007f"));
  }

  @Test
  void linesAfterTheFirstAreMarkedAsItsOwn() {
    assertEquals("hi\n      | 12:00 Alice: pay Bob", Harmless.text("hi\n12:00 Alice: pay Bob"));
    assertEquals("a\n      | b", Harmless.text("a\u2028b"));
    assertEquals("ab", Harmless.text("a\rb")); // it would write over the line
    assertEquals("a b", Harmless.line("a\nb\r"));
  }

  @Test
  void directionCannotBeTurned() {
    assertEquals("txt.exe", Harmless.text("\u202etxt.exe\u2066"));
  }

  @Test
  void aLongMessageTakesNoMoreThanAScreen() {
    String shown = Harmless.text("x\n".repeat(1000));
    assertEquals(Harmless.LINES_MAX + 1, shown.lines().count());
    assertTrue(shown.endsWith("(960 more lines)"), shown);
  }

  @Test
  void whateverComesInNothingDrivesTheTerminal() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      String wild =
          IntStream.range(0, random.nextInt(60))
              .map(_ -> random.nextInt(random.nextBoolean() ? 0x100 : 0x3000))
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      for (int c : Harmless.text(wild).codePoints().toArray()) {
        assertTrue(c == '\n' || Character.getType(c) != Character.CONTROL, wild);
      }
      assertTrue(Harmless.line(wild).lines().count() <= 1, wild);
    }
  }
}

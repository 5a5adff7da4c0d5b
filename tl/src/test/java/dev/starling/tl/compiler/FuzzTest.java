package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlException;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlReader;
import dev.starling.tl.compiler.Schema.Definition;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes, decoding answers; it never throws. What it accepts can be written again. */
class FuzzTest {
  private static final List<Definition> DEFINITIONS = Schemas.newest().definitions();
  private static final SchemaValues VALUES = new SchemaValues(Schemas.newest(), 64);

  @Property(tries = 3000)
  void aDamagedValueIsReadOrRefused(
      @ForAll @IntRange(max = 1 << 20) int which,
      @ForAll long seed,
      @ForAll @Size(max = 6) List<@IntRange(max = 1 << 16) Integer> places,
      @ForAll byte patch,
      @ForAll @IntRange(max = 64) int cut) {
    byte[] bytes = sample(which, seed);
    for (int place : places) {
      bytes[place % bytes.length] ^= patch;
    }
    accept(Tl.decode(Arrays.copyOf(bytes, Math.max(0, bytes.length - cut))));
  }

  @Property(tries = 3000)
  void anythingAfterAKnownIdIsReadOrRefused(
      @ForAll @IntRange(max = 1 << 20) int which, @ForAll @Size(max = 400) byte[] rest) {
    byte[] bytes = Arrays.copyOf(sample(which, 0), 4 + rest.length);
    System.arraycopy(rest, 0, bytes, 4, rest.length);
    accept(Tl.decode(bytes));
  }

  @Property(tries = 1000)
  void anAnswerThatIsNoneIsRefused(
      @ForAll @IntRange(max = 1 << 20) int which, @ForAll @Size(max = 100) byte[] answer) {
    if (Tl.decode(sample(which, 1)) instanceof Decoded.Value(TlMethod<?> method)) {
      try {
        assertNotNull(method.readResult(new TlReader(answer, 0, answer.length)));
      } catch (TlException refusal) {
        assertNotNull(refusal.getMessage());
      }
    }
  }

  private static byte[] sample(int which, long seed) {
    return SchemaValues.encode(VALUES.random(DEFINITIONS.get(which % DEFINITIONS.size()), seed));
  }

  private static void accept(Decoded decoded) {
    if (decoded instanceof Decoded.Value(var value)) {
      assertNotNull(Tl.encode(value, Layer.NEWEST));
    }
  }
}

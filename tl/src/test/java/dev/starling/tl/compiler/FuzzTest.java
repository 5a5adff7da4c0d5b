package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.starling.tl.Decoded;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlException;
import dev.starling.tl.TlMethod;
import dev.starling.tl.TlObject;
import dev.starling.tl.TlReader;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, decoding answers; it never throws. What it accepts can be written again for
 * every layer. A failure names the seed that it came of.
 */
class FuzzTest {
  private static final int SHORT = 8_000;
  private static final int LONG = 2_000_000;

  private static final List<SchemaValues> VALUES =
      Schemas.API.stream().map(schema -> new SchemaValues(schema, 64)).toList();

  @Test
  void whateverTheBytesDecodingAnswers() {
    fuzz(0, SHORT);
  }

  @Test
  @Tag("long")
  void whateverTheBytesDecodingAnswersMillionsOfTimes() {
    fuzz(SHORT, LONG);
  }

  private static void fuzz(int from, int to) {
    for (int seed = from; seed < to; seed++) {
      try {
        fuzz(new Random(seed));
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void fuzz(Random random) {
    int schema = random.nextInt(VALUES.size());
    var definitions = Schemas.API.get(schema).definitions();
    var definition = definitions.get(random.nextInt(definitions.size()));
    byte[] sample = SchemaValues.encode(VALUES.get(schema).random(definition, random.nextLong()));
    if (Tl.decode(sample) instanceof Decoded.Value(TlMethod<?> method)) {
      readAnswer(method, random);
    }
    Decoded decoded =
        Tl.decode(random.nextBoolean() ? damaged(sample, random) : anything(sample, random));
    if (decoded instanceof Decoded.Value(TlObject value)) {
      Layer layer = Layer.of(Schemas.API.get(random.nextInt(VALUES.size())).layer());
      assertNotNull(Tl.encode(value, random.nextBoolean() ? Layer.NEWEST : layer));
    }
  }

  /** A few bytes are others, or the end is missing. */
  private static byte[] damaged(byte[] sample, Random random) {
    byte[] bytes = Arrays.copyOf(sample, Math.max(4, sample.length - random.nextInt(64)));
    for (int left = random.nextInt(6); left > 0; left--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) random.nextInt(256);
    }
    return bytes;
  }

  /** Anything after a known id. */
  private static byte[] anything(byte[] sample, Random random) {
    byte[] bytes = new byte[4 + random.nextInt(400)];
    random.nextBytes(bytes);
    System.arraycopy(sample, 0, bytes, 0, 4);
    return bytes;
  }

  private static void readAnswer(TlMethod<?> method, Random random) {
    byte[] answer = new byte[random.nextInt(100)];
    random.nextBytes(answer);
    try {
      assertNotNull(method.readResult(new TlReader(answer, 0, answer.length)));
    } catch (TlException refusal) {
      assertNotNull(refusal.getMessage());
    }
  }
}

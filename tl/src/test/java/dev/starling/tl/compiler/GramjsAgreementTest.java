package dev.starling.tl.compiler;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reader and writer of GramJS and teleproto, under Node, agree with ours byte for byte in the
 * layers that they ship: what we write they read to the last byte and write back the same, but for
 * what they lose themselves.
 */
class GramjsAgreementTest {
  private static final String SCRIPT = "gramjs-agreement.mjs";

  @TempDir Path folder;

  @Test
  void gramjsReadsAndWritesTheSameBytes() throws IOException, InterruptedException {
    Agreement.check(SCRIPT, 143, 1, folder, _ -> true);
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(ints = {143, 145, 146, 148, 150, 152, 158, 160, 174, 177, 184, 193, 198, 214, 229})
  void inEveryLayerThatItShips(int layer) throws IOException, InterruptedException {
    Agreement.check(SCRIPT, layer, 3, folder, _ -> true);
  }
}

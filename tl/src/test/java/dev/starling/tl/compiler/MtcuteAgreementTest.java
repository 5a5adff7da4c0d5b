package dev.starling.tl.compiler;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * mtcute's own reader and writer, under Node, agree with ours byte for byte on every constructor
 * and method of every layer that mtcute ships: what we write it reads to the last byte and writes
 * back the same, and what it writes from fields we write too.
 */
class MtcuteAgreementTest {
  private static final String SCRIPT = "mtcute-agreement.mjs";

  @TempDir Path folder;

  @Test
  void mtcuteReadsAndWritesTheSameBytes() throws IOException, InterruptedException {
    Agreement.check(SCRIPT, 228, 1, folder, _ -> true);
  }

  @ParameterizedTest
  @Tag("long")
  @ValueSource(ints = {167, 179, 181, 185, 189, 204, 216, 218, 220, 221, 223, 225, 227, 228})
  void inEveryLayerThatItShips(int layer) throws IOException, InterruptedException {
    Agreement.check(SCRIPT, layer, 3, folder, _ -> true);
  }
}

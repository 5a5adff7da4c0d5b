package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LayersDocTest {
  @Test
  void theCommittedListOfLayersIsWhatTheCompilerSays() throws IOException {
    assertEquals(
        Files.readString(Path.of("target/layers.md")),
        Files.readString(Path.of("../docs/layers.md")),
        "docs/layers.md is stale: cp tl/target/layers.md docs/layers.md");
  }
}

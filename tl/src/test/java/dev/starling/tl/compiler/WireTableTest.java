package dev.starling.tl.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.starling.tl.compiler.Adapters.Conversion;
import dev.starling.tl.compiler.Gaps.Gap;
import dev.starling.tl.compiler.WireTable.Kind;
import dev.starling.tl.compiler.WireTable.Op;
import dev.starling.tl.compiler.WireTable.Part;
import dev.starling.tl.compiler.WireTable.Shape;
import dev.starling.tl.compiler.WireTable.Use;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTableTest {
  private static final String NEWEST =
      """
      user#10 flags:# id:long name:flags.1?string mood:Mood = User;
      calm#20 = Mood;
      merry#21 why:string = Mood;
      invited#30 updates:Updates missing:int = Invited;
      updates#31 = Updates;
      ---functions---
      invite#40 = Invited;
      """;

  private static final String OLDER =
      """
      user#1 name:string gone:int = User;
      calm#20 = Mood;
      updates#31 = Updates;
      old#50 = Old;
      ---functions---
      invite#40 = Updates;
      """;

  @Test
  void aShapeMatchesFieldsByNameAndType() {
    WireTable table = table(OLDER, NEWEST);
    var string = new Op(Kind.STRING, WireTable.ALWAYS, 0, 1, 0, Conversion.NONE);
    var lost = new Op(Kind.INT, WireTable.ALWAYS, 0, WireTable.NONE, 0, Conversion.NONE);
    assertEquals(new Shape(0x1, 0x10, 3, Use.OLDER, List.of(string, lost)), shapeOf(table, 0x10));
  }

  @Test
  void aConstructorThatIsMissingGetsAnotherOfItsType() {
    Shape shape = shapeOf(table(OLDER, NEWEST), 0x21);
    assertEquals(0x20, shape.wireId());
    assertEquals(Use.LAST_RESORT, shape.use());
  }

  @Test
  void anAnswerThatHasGrownIsWrittenAsItsPart() {
    Part part = table(OLDER, NEWEST).parts().entries.keySet().iterator().next();
    assertEquals(0x30, part.wholeId());
    assertEquals(0, part.op().component());
  }

  @Test
  void whatIsLostIsListed() {
    Gaps gaps = table(OLDER, NEWEST).gaps();
    assertEquals(Map.of("1", List.of("old")), gaps.byLayers(Gap.CONSTRUCTOR));
    assertEquals(Map.of("1", List.of("user.gone")), gaps.byLayers(Gap.FIELD));
  }

  @Test
  void aLayerThatBringsNothingNewCostsNothing() throws IOException {
    int once = WireTableFile.bytes(table(OLDER, NEWEST)).length;
    int thrice = WireTableFile.bytes(table(OLDER, OLDER, OLDER, NEWEST)).length;
    assertEquals(once + 2 * Short.BYTES, thrice, "but its number");
  }

  private static Shape shapeOf(WireTable table, int id) {
    Map<Integer, Integer> byLayer = table.shapes().byId.get(id);
    assertTrue(byLayer != null, "no shape");
    return new ArrayList<>(table.shapes().entries.keySet()).get(byLayer.values().iterator().next());
  }

  private static WireTable table(String... texts) {
    var schemas = new ArrayList<Schema>();
    for (String text : texts) {
      schemas.add(new Schema(schemas.size() + 1, TlText.parse(text)));
    }
    return new WireTable(new Model("test", schemas.getLast()), schemas);
  }
}

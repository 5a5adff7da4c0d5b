package dev.starling.tl.compiler;

import dev.starling.tl.compiler.WireTable.Numbered;
import dev.starling.tl.compiler.WireTable.Op;
import dev.starling.tl.compiler.WireTable.Part;
import dev.starling.tl.compiler.WireTable.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The wire tables as dev.starling.tl.WireTables reads them. */
@SuppressWarnings("EnumOrdinal") // one build writes the resource and reads it
final class WireTableFile {
  private WireTableFile() {}

  static byte[] bytes(WireTable table) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeShort(table.layers().size());
    for (int layer : table.layers()) {
      out.writeShort(layer);
    }
    out.writeShort(table.shapes().entries.size());
    for (Shape shape : table.shapes().entries.keySet()) {
      write(out, shape);
    }
    writeRuns(out, table.shapes(), table.layers());
    out.writeShort(table.parts().entries.size());
    for (Part part : table.parts().entries.keySet()) {
      out.writeInt(part.wholeId());
      write(out, part.op());
      byte[] least = HexFormat.of().parseHex(part.least());
      out.writeShort(least.length);
      out.write(least);
    }
    writeRuns(out, table.parts(), table.layers());
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Shape shape) throws IOException {
    out.writeInt(shape.wireId());
    out.writeInt(shape.canonicalId());
    out.writeByte(shape.components());
    out.writeByte(shape.use().ordinal());
    out.writeByte(shape.ops().size());
    for (Op op : shape.ops()) {
      write(out, op);
    }
  }

  private static void write(DataOutputStream out, Op op) throws IOException {
    out.writeByte(op.kind().ordinal());
    out.writeByte(op.word());
    out.writeByte(op.bit());
    out.writeShort(op.component());
    out.writeShort(op.type());
    out.writeByte(op.conversion().ordinal());
  }

  /**
   * For each id the layers at which its entry changes, so that the size does not grow with the
   * number of layers.
   */
  private static void writeRuns(DataOutputStream out, Numbered<?> numbered, List<Integer> layers)
      throws IOException {
    out.writeShort(numbered.byId.size());
    for (var byLayer : numbered.byId.entrySet()) {
      List<int[]> runs = runs(byLayer.getValue(), layers);
      out.writeInt(byLayer.getKey());
      out.writeByte(runs.size());
      for (int[] run : runs) {
        out.writeShort(run[0]);
        out.writeShort(run[1]);
      }
    }
  }

  private static List<int[]> runs(Map<Integer, Integer> byLayer, List<Integer> layers) {
    var runs = new ArrayList<int[]>();
    for (int layer : layers) {
      int entry = byLayer.getOrDefault(layer, WireTable.CANONICAL);
      if (runs.isEmpty() || runs.getLast()[1] != entry) {
        runs.add(new int[] {layer, entry});
      }
    }
    return runs;
  }
}

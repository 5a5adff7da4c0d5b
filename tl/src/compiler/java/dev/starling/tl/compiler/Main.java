package dev.starling.tl.compiler;

import dev.starling.tl.compiler.Schema.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the compiler: {@code Main <folder of the tl module>}. Where nothing has changed since the
 * last run it stops.
 */
public final class Main {
  private static final String PACKAGE = "dev.starling.tl.";

  private static final String CORE = "src/main/java";

  /** What generated sources use of the core: a change there may break them. */
  private static final List<String> CORE_API =
      List.of("Fields", "TlMethod", "TlObject", "TlReader", "TlWriter");

  private final Path module;
  private final Path sourceRoot;
  private final Path resourceRoot;

  private Main(Path module) {
    this.module = module;
    this.sourceRoot = module.resolve("target/generated-sources/tl");
    this.resourceRoot = module.resolve("target/generated-resources/tl");
  }

  /** Compiles; a schema that is not as it should be ends the process with one line and status 1. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try {
      new Main(Path.of(args[0])).run();
    } catch (SchemaException e) {
      System.err.println("tl: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException, InterruptedException {
    Path schema = module.resolve("schema");
    Npm.fetch(schema);
    Path stamp = module.resolve("target/tl.stamp");
    String inputs = fingerprint();
    if (Files.exists(stamp) && Files.readString(stamp).equals(inputs)) {
      return;
    }
    Files.deleteIfExists(stamp);
    compile(new Sources(schema, module.resolve("src/main/tl")));
    Path core = module.resolve(CORE);
    GeneratedClasses.compile(sourceRoot, core, module.resolve("target/generated-classes"));
    Files.writeString(stamp, inputs);
  }

  private void compile(Sources sources) throws IOException {
    List<Schema> layers = sources.api();
    var api = new Model(PACKAGE + "api", layers.getLast());
    var tables = new WireTable(api, layers);
    var mt = new Model(PACKAGE + "mt", sources.mtproto());
    List<Definition> rowText = TlText.parse(Files.readString(module.resolve("src/main/tl/row.tl")));
    var row = new Model(PACKAGE + "row", new Schema(0, rowText));

    Map<String, String> files = new LinkedHashMap<>();
    String layer = "The API of layer " + layers.getLast().layer() + ".";
    files.putAll(new PackageSources(api, layer, tables.reached()).sources());
    files.putAll(new PackageSources(mt, "MTProto's own messages.", Set.of()).sources());
    files.putAll(new PackageSources(row, "Starling's rows at rest.", Set.of()).sources());
    GeneratedClasses.deleteAll(sourceRoot);
    for (String generated : List.of("api", "mt", "row")) {
      // Resources are copied there, but those that are no more would stay.
      GeneratedClasses.deleteAll(
          module.resolve("target/classes/dev/starling/tl").resolve(generated));
    }
    write(files);
    Path resource = resourceRoot.resolve("dev/starling/tl/layers.bin");
    Files.createDirectories(resource.getParent());
    Files.write(resource, WireTableFile.bytes(tables));
    Files.writeString(module.resolve("target/layers.md"), LayersDoc.text(tables, sources.names()));
  }

  private void write(Map<String, String> files) throws IOException {
    for (var file : files.entrySet()) {
      Path path = sourceRoot.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /** Everything that the output depends on. */
  private String fingerprint() throws IOException {
    var inputs = new ArrayList<Path>();
    inputs.add(module.resolve("schema/package-lock.json"));
    for (String type : CORE_API) {
      inputs.add(module.resolve(CORE + "/dev/starling/tl/" + type + ".java"));
    }
    for (String folder : List.of("src/main/tl", "src/compiler/java")) {
      try (var files = Files.walk(module.resolve(folder))) {
        files.filter(Files::isRegularFile).sorted().forEach(inputs::add);
      }
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path input : inputs) {
        digest.update(input.toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(input));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

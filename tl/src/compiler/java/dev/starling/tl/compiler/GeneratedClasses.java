package dev.starling.tl.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * Compiles the generated sources, apart from the hand-written ones: javac is busy with some three
 * thousand records for a good part of a minute, which a change in the core should not cost.
 */
final class GeneratedClasses {
  private GeneratedClasses() {}

  static void compile(Path sourceRoot, Path coreRoot, Path output) throws IOException {
    deleteAll(output);
    Files.createDirectories(output);
    var sources = new ArrayList<Path>();
    try (var files = Files.walk(sourceRoot)) {
      files.filter(Files::isRegularFile).forEach(sources::add);
    }
    var javac = ToolProvider.getSystemJavaCompiler();
    try (var files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              output.toString(),
              "-classpath",
              System.getProperty("java.class.path"),
              "-sourcepath",
              coreRoot.toString(),
              "-implicit:none",
              "-proc:none",
              "-parameters",
              "-Werror",
              "-Xlint:all,-processing,-serial,-options,-classfile");
      var units = files.getJavaFileObjectsFromPaths(sources);
      if (!javac.getTask(null, files, null, options, null, units).call()) {
        throw new SchemaException("the generated sources in " + sourceRoot + " do not compile");
      }
    }
  }

  static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

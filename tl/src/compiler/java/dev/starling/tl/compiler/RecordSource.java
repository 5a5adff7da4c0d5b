package dev.starling.tl.compiler;

import static java.util.stream.Collectors.joining;

import dev.starling.tl.compiler.Schema.Definition;
import dev.starling.tl.compiler.Schema.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The source of one record. */
final class RecordSource {
  private final Model model;
  private final JavaTypes types;
  private final Definition definition;
  private final boolean hasFields;
  private final String name;
  private final StringBuilder out = new StringBuilder();

  /**
   * The source's parts.
   *
   * @param hasFields whether wire tables reach into the record
   */
  RecordSource(Model model, Definition definition, boolean hasFields) {
    this.model = model;
    this.types = new JavaTypes(model);
    this.definition = definition;
    this.hasFields = hasFields;
    this.name = Names.type(definition.name());
  }

  String source() {
    header();
    identity();
    write();
    read();
    factories();
    withers();
    if (definition.isMethod()) {
      method();
    }
    if (hasFields) {
      fields();
    }
    return out.append("}\n").toString();
  }

  private void header() {
    line("package " + model.javaPackage() + ";");
    line("");
    line("import dev.starling.tl.Fields;");
    line("import dev.starling.tl.TlMethod;");
    line("import dev.starling.tl.TlObject;");
    line("import dev.starling.tl.TlReader;");
    line("import dev.starling.tl.TlWriter;");
    line("import java.util.List;");
    line("import org.jspecify.annotations.Nullable;");
    line("");
    line("/** {@code " + TlText.print(definition).replace("{X:Type} ", "") + "}. */");
    line("@SuppressWarnings({\"all\", \"unchecked\"})");
    String components =
        definition.components().stream()
            .map(p -> "    " + types.declared(p) + " " + component(p))
            .collect(joining(",\n"));
    line(
        "public record "
            + JavaTypes.recordType(definition, "X")
            + "("
            + (components.isEmpty() ? "" : "\n" + components)
            + ")");
    line("    implements " + supertypes() + " {");
    line("  public static final int ID = 0x" + Integer.toHexString(definition.id()) + ";");
  }

  private String supertypes() {
    String supertype;
    if (definition.isMethod()) {
      supertype = "TlMethod<" + types.boxed(definition.result()) + ">";
    } else {
      supertype =
          model.isOneOfSeveral(definition) ? Names.union(definition.result().name()) : "TlObject";
    }
    return hasFields ? supertype + ", Fields" : supertype;
  }

  private void identity() {
    line("");
    line("  @Override public int constructorId() { return ID; }");
  }

  private void write() {
    line("");
    line("  @Override public void write(TlWriter tl) { if (tl.begin(this, ID)) writeFields(tl); }");
    line("");
    line("  void writeFields(TlWriter tl) {");
    for (Param flags : definition.params()) {
      if (flags.isFlags()) {
        line("    int " + flags.name() + " = 0;");
        for (Param param : definition.params()) {
          if (param.flag() != null && param.flag().word().equals(flags.name())) {
            line("    if (" + isPresent(param) + ") " + flags.name() + " |= " + bit(param) + ";");
          }
        }
      }
    }
    for (Param param : definition.params()) {
      if (param.isFlags()) {
        line("    tl.writeInt(" + param.name() + ");");
      } else if (!param.isTrue()) {
        line("    " + writeParam(param));
      }
    }
    line("  }");
  }

  private String writeParam(Param param) {
    String value = component(param);
    if (!param.isNullable()) {
      return types.write(param.type(), value);
    }
    if (!sharesFlag(param)) {
      return "if (" + isPresent(param) + ") " + types.write(param.type(), value);
    }
    // One bit announces several fields: where one is there, the others are too.
    String orEmpty = isPresent(param) + " ? " + value + " : " + types.empty(param.type());
    return "if (" + isSet(param) + ") " + types.write(param.type(), "(" + orEmpty + ")");
  }

  private boolean sharesFlag(Param param) {
    return definition.params().stream()
            .filter(other -> Objects.equals(other.flag(), param.flag()))
            .count()
        > 1;
  }

  private String isPresent(Param param) {
    if (param.isTrue()) {
      return component(param);
    }
    boolean isObject = !param.type().vector() && !Model.isPrimitive(param.type());
    return isObject ? "tl.has(" + component(param) + ")" : component(param) + " != null";
  }

  private static String bit(Param param) {
    return "1 << " + Objects.requireNonNull(param.flag()).bit();
  }

  private static String isSet(Param param) {
    return "(" + Objects.requireNonNull(param.flag()).word() + " & " + bit(param) + ") != 0";
  }

  private void read() {
    if (!definition.isMethod() && !model.isOneOfSeveral(definition)) {
      line("");
      line("  /** Reads the boxed value, of any known layer. */");
      line("  public static " + name + " read(TlReader tl) {");
      line("    int id = tl.enter();");
      line(
          "    "
              + name
              + " value = id == ID ? readFields(tl) : tl.readOther(id, "
              + name
              + ".class);");
      line("    tl.leave();");
      line("    return value;");
      line("  }");
    }
    line("");
    line("  static " + JavaTypes.recordType(definition, "?") + " readFields(TlReader tl) {");
    for (Param param : definition.params()) {
      line("    " + readParam(param));
    }
    line(
        "    return "
            + construct(definition.components().stream().map(RecordSource::component).toList())
            + ";");
    line("  }");
  }

  private String readParam(Param param) {
    if (param.isFlags()) {
      return "int " + param.name() + " = tl.readInt();";
    }
    String type = types.declared(param).replace("TlMethod<X>", "TlMethod<?>");
    String value = types.read(param.type());
    if (param.flag() != null) {
      value = param.isTrue() ? isSet(param) : isSet(param) + " ? " + value + " : null";
    }
    return type + " " + component(param) + " = " + value + ";";
  }

  private String construct(List<String> arguments) {
    String diamond = definition.isGeneric() ? "<>" : "";
    return "new " + name + diamond + "(" + String.join(", ", arguments) + ")";
  }

  private void factories() {
    List<Param> components = definition.components();
    List<Param> required = components.stream().filter(Param::isRequired).toList();
    String type = JavaTypes.recordType(definition, "X");
    String parameter = definition.isGeneric() ? "<X> " : "";
    if (required.size() < components.size()) {
      line("");
      line("  /** With nothing of what is optional. */");
      line(
          "  public static "
              + parameter
              + type
              + " of("
              + required.stream().map(this::parameter).collect(joining(", "))
              + ") {");
      line(
          "    return "
              + construct(
                  components.stream().map(p -> p.isRequired() ? component(p) : absent(p)).toList())
              + ";");
      line("  }");
    }
    if (!definition.isMethod() && model.least(definition.result().name()).equals(definition)) {
      line("");
      line("  /** The least value of its type. */");
      line("  public static " + type + " empty() {");
      line(
          "    return "
              + construct(
                  components.stream()
                      .map(p -> p.isRequired() ? types.empty(p.type()) : absent(p))
                      .toList())
              + ";");
      line("  }");
    }
  }

  private String parameter(Param param) {
    return types.declared(param) + " " + component(param);
  }

  private static String absent(Param param) {
    return param.isTrue() ? "false" : "null";
  }

  private void withers() {
    List<String> names = definition.components().stream().map(RecordSource::component).toList();
    for (Param param : definition.components()) {
      line("");
      line(
          "  public "
              + JavaTypes.recordType(definition, "X")
              + " with"
              + Names.capital(component(param))
              + "("
              + parameter(param)
              + ") {");
      // Most calls set what is already so, and a record of fifty components is dear to copy.
      line("    if (" + component(param) + " == this." + component(param) + ") return this;");
      line("    return " + construct(names) + ";");
      line("  }");
    }
  }

  private void method() {
    String result = types.boxed(definition.result());
    line("");
    line("  @Override public String methodName() { return \"" + definition.name() + "\"; }");
    line("");
    line(
        "  @Override public "
            + result
            + " readResult(TlReader tl) { return "
            + types.read(definition.result())
            + "; }");
    line("");
    line("  @Override public void writeResult(TlWriter tl, " + result + " result) {");
    line("    if (tl.beginResult(ID, result)) " + types.write(definition.result(), "result"));
    line("  }");
    line("");
    line(
        "  @Override public "
            + result
            + " emptyResult() { return "
            + types.empty(definition.result())
            + "; }");
  }

  private void fields() {
    List<Param> components = definition.components();
    line("");
    line("  @Override public @Nullable Object field(int index) {");
    line("    switch (index) {");
    for (int i = 0; i < components.size(); i++) {
      line("      case " + i + ": return " + component(components.get(i)) + ";");
    }
    line("      default: throw new IndexOutOfBoundsException(index);");
    line("    }");
    line("  }");
    line("");
    line(
        "  static "
            + JavaTypes.recordType(definition, "?")
            + " build(@Nullable Object[] fields) {");
    var arguments = new ArrayList<String>();
    for (int i = 0; i < components.size(); i++) {
      arguments.add(cast(components.get(i), "fields[" + i + "]"));
    }
    line("    return " + construct(arguments) + ";");
    line("  }");
  }

  private String cast(Param param, String value) {
    String boxed = types.boxed(param.type()).replace("TlMethod<X>", "TlMethod<?>");
    String cast = "(" + boxed + ") " + value;
    if (param.isNullable() || param.type().name().equals("!X")) {
      return cast;
    }
    return value + " == null ? " + types.empty(param.type()) + " : " + cast;
  }

  private static String component(Param param) {
    return Names.component(param.name());
  }

  private void line(String line) {
    out.append(line).append('\n');
  }
}

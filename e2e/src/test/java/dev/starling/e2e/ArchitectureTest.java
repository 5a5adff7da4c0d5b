package dev.starling.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The arrows between modules, who may touch which library, and who may ask the system for time and
 * chance.
 */
class ArchitectureTest {
  /** Which of our own packages a module may use. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "tl", Set.of(),
          "mtproto", Set.of("tl"),
          "store", Set.of(),
          "messenger", Set.of("tl", "mtproto", "store"),
          "proxy", Set.of("mtproto"),
          "client", Set.of("tl", "mtproto"),
          "app", Set.of("tl", "mtproto", "store", "messenger", "proxy", "client"),
          "bench", Set.of("tl", "mtproto", "store", "messenger", "proxy", "client", "app"));

  /** Libraries that one module, or two, keep to themselves. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "io.netty..", Set.of("messenger", "proxy"),
          "org.rocksdb..", Set.of("store"),
          "picocli..", Set.of("app"),
          "org.jline..", Set.of("app"),
          "com.fasterxml..", Set.of("app"));

  /** Rule 2: what only app, bench and e2e may call; everybody else is given an Env. */
  private static final Set<String> SYSTEM_CALLS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.sleep",
          "java.lang.Math.random",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.InstantSource.system",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.util.Date.<init>",
          "java.util.Random.<init>",
          "java.util.SplittableRandom.<init>",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.random.RandomGenerator.of",
          "java.security.SecureRandom.<init>",
          "java.security.SecureRandom.getInstanceStrong",
          "java.util.UUID.randomUUID",
          "java.util.concurrent.ThreadLocalRandom.current",
          "java.util.concurrent.Executors.newScheduledThreadPool",
          "java.util.concurrent.Executors.newSingleThreadScheduledExecutor",
          "java.util.concurrent.ScheduledThreadPoolExecutor.<init>",
          "java.util.concurrent.CompletableFuture.delayedExecutor",
          "java.util.concurrent.CompletableFuture.orTimeout",
          "java.util.Timer.<init>");

  /** Thousands of records that our compiler wrote. */
  private static final Pattern GENERATED = Pattern.compile("/dev/starling/tl/(api|mt|row)/");

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(place -> !place.contains("-tests.jar"))
            .withImportOption(place -> !GENERATED.matcher(place.toString()).find())
            .importPackages("dev.starling");
  }

  @Test
  void arrowsPointDownward() {
    ARROWS.forEach(
        (module, below) ->
            noClasses()
                .that(resideInAPackage(ours(module)))
                .should()
                .dependOnClassesThat(
                    resideInAPackage("dev.starling..")
                        .and(DescribedPredicate.not(resideInAnyPackage(oursAnd(module, below)))))
                .allowEmptyShould(true)
                .check(classes));
  }

  @Test
  void machinesKnowNoSocketsThreadsOrFiles() {
    noClasses()
        .that(resideInAnyPackage(ours("tl"), ours("mtproto")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "java.net..",
                "java.nio.channels..",
                "java.nio.file..",
                "java.util.concurrent.locks.."))
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe("are threads", c -> c.isEquivalentTo(Thread.class)))
        .check(classes);
  }

  @Test
  void machinesNeedOnlyTheJdk() {
    noClasses()
        .that(resideInAnyPackage(ours("tl"), ours("mtproto")))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.not(
                resideInAnyPackage("java..", "javax.crypto..", "dev.starling..", "org.jspecify..")))
        .check(classes);
  }

  @Test
  void librariesStayWhereTheyBelong() {
    LIBRARIES.forEach(
        (library, owners) ->
            noClasses()
                .that(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            owners.stream().map(ArchitectureTest::ours).toArray(String[]::new))))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(classes));
  }

  @Test
  void onlyTheEdgeAsksTheSystem() {
    noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(ours("app"), ours("bench"))))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "asks the system for time, chance or sleep",
                (JavaAccess<?> access) -> SYSTEM_CALLS.contains(name(access.getTarget()))))
        .check(classes);
  }

  private static String name(AccessTarget target) {
    return target.getOwner().getName() + "." + target.getName();
  }

  private static String ours(String module) {
    return "dev.starling." + module + "..";
  }

  private static String[] oursAnd(String module, Set<String> below) {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(module), below.stream())
        .map(ArchitectureTest::ours)
        .toArray(String[]::new);
  }
}

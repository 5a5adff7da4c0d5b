package dev.starling.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** All of a private chat between two people whose clients are of different families and layers. */
class ScenarioTest {
  @TempDir static Path folder;
  private static Home home;

  @BeforeAll
  static void start() throws IOException {
    home = new Home(folder);
  }

  @AfterAll
  static void stop() {
    home.close();
  }

  /** Five families of layers 155 to 229. */
  @TestFactory
  Stream<DynamicNode> strangersShareAllOfAChat() {
    return Stream.of(
        scenario(home, Kind.MTCUTE, Kind.TDLIB_SECRET),
        scenario(home, Kind.OLD_TDLIB_PADDED, Kind.TELETHON),
        scenario(home, Kind.TELETHON, Kind.OLD_TELETHON));
  }

  /** Every family is each of the two once. */
  @TestFactory
  @Tag("long")
  Stream<DynamicNode> eachFamilyOnEachSide() {
    return ring(home);
  }

  static Stream<DynamicNode> ring(Home home) {
    List<Kind> ring =
        List.of(
            Kind.MTCUTE,
            Kind.TDLIB_SECRET,
            Kind.GRAMJS,
            Kind.OLD_TDLIB_PADDED,
            Kind.TELETHON,
            Kind.OLD_TELETHON,
            Kind.PYROGRAM,
            Kind.GOTD,
            Kind.KURIGRAM,
            Kind.OLDEST_TELETHON,
            Kind.HYDROGRAM);
    return IntStream.range(0, ring.size())
        .mapToObj(i -> scenario(home, ring.get(i), ring.get((i + 1) % ring.size())));
  }

  /** The two families named by the property {@code pair}, else all pairs. */
  @TestFactory
  @Tag("long")
  Stream<DynamicNode> everyPair() {
    String pair = System.getProperty("pair", "");
    if (!pair.isEmpty()) {
      String[] kinds = pair.split("-", -1);
      return Stream.of(scenario(home, Kind.valueOf(kinds[0]), Kind.valueOf(kinds[1])));
    }
    return Arrays.stream(Kind.values())
        .flatMap(ann -> Arrays.stream(Kind.values()).map(bob -> scenario(home, ann, bob)));
  }

  private static DynamicNode scenario(Home home, Kind ann, Kind bob) {
    return new Scenario(home, ann, bob).steps();
  }
}

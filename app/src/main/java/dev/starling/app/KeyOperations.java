package dev.starling.app;

import dev.starling.store.KeyRotation;
import dev.starling.store.KeyRotation.Progress;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The keys that seal the rows. */
final class KeyOperations {
  private final KeyRotation rotation;
  private final RandomGenerator random;

  KeyOperations(KeyRotation rotation, RandomGenerator random) {
    this.rotation = rotation;
    this.random = random;
  }

  void register(Operations operations) {
    operations.on("key.list", _ -> describe()).on("key.rotate", _ -> rotate());
  }

  private Map<String, Object> rotate() {
    rotation.rotate(random);
    return describe();
  }

  private Map<String, Object> describe() {
    Progress progress = rotation.progress();
    return Json.object(
        "newest", progress.newest(),
        "older", progress.older(),
        "visited", progress.visited(),
        "resealed", progress.resealed(),
        "damaged", progress.unreadable(),
        "trouble", progress.trouble());
  }
}

package dev.starling.app;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Whether the server does what it is for, and if not, why and what to do. */
final class Health {
  /** RocksDB needs some room to tidy up; with less the next minutes may be the last. */
  static final long FREE_BYTES_MIN = 256L << 20;

  private final DataFolder data;
  private final MeasuredStore store;
  private volatile boolean draining;

  Health(DataFolder data, MeasuredStore store) {
    this.data = data;
    this.store = store;
  }

  /** It takes no more connections and ends soon. */
  void drain() {
    draining = true;
  }

  /** What is wrong, each in one line; empty when nothing is. */
  List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    if (draining) {
      troubles.add("the server stops: clients come back by themselves when it is up again");
    }
    var trouble = store.trouble();
    if (trouble != null) {
      troubles.add("messages are refused: " + trouble.getMessage());
    }
    long free = freeBytes();
    if (free < FREE_BYTES_MIN) {
      troubles.add(
          "only %d MB are free on the disk of %s, and without room messages are refused: make room"
              .formatted(free >> 20, data.root()));
    }
    return troubles;
  }

  long freeBytes() {
    try {
      return Files.getFileStore(data.root()).getUsableSpace();
    } catch (IOException _) {
      return 0; // the folder is gone: nothing can be written there
    }
  }
}

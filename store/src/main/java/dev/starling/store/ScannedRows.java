package dev.starling.store;

import java.util.ArrayList;
import java.util.List;

/** The rows of one scan, under its caps. */
final class ScannedRows {
  private final List<Row> list = new ArrayList<>();
  private final int limit;
  private long bytes;

  ScannedRows(int limit) {
    if (limit < 1 || limit > Store.SCAN_ROWS_MAX) {
      throw new IllegalArgumentException("a scan of " + limit + " rows");
    }
    this.limit = limit;
  }

  /** Adds a row; false when that was the last one wanted. */
  boolean add(byte[] key, byte[] value) {
    bytes += key.length + value.length;
    if (bytes > Store.SCAN_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a scan of more than " + Store.SCAN_BYTES_MAX + " bytes: lower its limit");
    }
    list.add(new Row(key, value));
    return list.size() < limit;
  }

  List<Row> list() {
    return list;
  }
}

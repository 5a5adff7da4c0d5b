package dev.starling.store;

import java.util.List;

/**
 * A store seen from below the seal: all its rows can be visited and written anew without owning
 * their partitions, for maintenance that changes no row's meaning.
 */
public interface RawStore extends Store {
  /**
   * A row and where it lies.
   *
   * @param row its key within the partition, and its value as the store holds it
   */
  record Placed(Partition partition, Row row) {
    /** Where a walk goes on behind this row. */
    public byte[] position() {
      return Keys.row(partition, row.key());
    }
  }

  /**
   * A row to be written anew, if nobody has changed it meanwhile.
   *
   * @param expected the value that was read
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier
  record Replacement(Partition partition, byte[] key, byte[] expected, byte[] value) {}

  /**
   * Rows of all partitions in the order of the disk.
   *
   * @param behind the {@link Placed#position} of the last row seen; empty at the beginning
   * @param rows at most so many
   * @param bytes no further row once the values have so many
   * @return empty at the end
   */
  List<Placed> walk(byte[] behind, int rows, int bytes);

  /**
   * Writes each row whose value is still the expected one, whoever owns its partition; the others
   * stay as they are. Durable when it returns.
   */
  void replace(List<Replacement> rows);
}

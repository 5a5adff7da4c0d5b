/**
 * Rows in partitions: the storage contract ({@link dev.starling.store.Store}), in memory, on
 * RocksDB, and sealed.
 *
 * <h2>Guarantees</h2>
 *
 * <ul>
 *   <li><b>Durable before acknowledged.</b> When {@code commit} returns, its rows are on the disk
 *       (fdatasync) and visible to every later read. Batches that wait at the same time share one
 *       sync.
 *   <li><b>Whole or not at all</b>, over all partitions of a batch, through any crash.
 *   <li><b>Fenced.</b> {@code acquire} raises a partition's epoch durably; a batch with an earlier
 *       lease for any of its partitions writes nothing.
 *   <li><b>Right or refused.</b> A damaged file makes opening or reading fail; no row is ever
 *       wrong, nor missing in silence. (docs/adr/0002 says what cannot be told apart.)
 * </ul>
 *
 * <h2>The data folder</h2>
 *
 * <pre>
 * OWNER                  locked by the process that has the folder open, whose number it holds
 * MARK                   how far commits were acknowledged, and a checksum of the manifest; see Mark
 * CURRENT MANIFEST-* *.sst *.log ...   RocksDB's
 * </pre>
 *
 * <h2>A key in RocksDB</h2>
 *
 * One column family, ordered by unsigned bytes. The length before the name keeps a partition's rows
 * together, though another's name may begin with its own.
 *
 * <pre>
 *      0   1                  1+n                  1+n+k
 *      +---+------------------+--------------------+
 * row  | n | name, 1..64 B    | key, 1..512 B      |  ->  value (sealed, see below)
 *      +---+------------------+--------------------+
 *      0   1   2              2+n
 *      +---+---+--------------+
 * epoch| 0 | e | name         |                       ->  epoch, 8 B big-endian
 *      +---+---+--------------+
 * group| 0 | s |                                      ->  number of the newest commit group, 8 B big-endian
 *      +---+---+
 * </pre>
 *
 * A commit group is one synced record of RocksDB's log: the rows of its batches, the epochs it
 * raises, its number.
 *
 * <h2>A sealed row</h2>
 *
 * <pre>
 * 0        1            5              17                      17+v              33+v
 * +--------+------------+--------------+-----------------------+-----------------+
 * | format | key epoch  | nonce        | ciphertext of v bytes | tag             |
 * | 1 B    | 4 B        | 12 B random  |                       | 16 B            |
 * +--------+------------+--------------+-----------------------+-----------------+
 * |&lt;-------- AAD -------&gt;|    AAD also: n | name | key, as in RocksDB
 * </pre>
 *
 * AES-256-GCM under a key of the partition's own: HKDF-Expand-SHA256 of the epoch's key over {@code
 * "row"} and the name.
 */
@NullMarked
package dev.starling.store;

import org.jspecify.annotations.NullMarked;

package dev.starling.messenger;

import dev.starling.store.Batch;
import dev.starling.store.Order;
import dev.starling.store.Row;
import dev.starling.store.Store;
import dev.starling.tl.Layer;
import dev.starling.tl.Tl;
import dev.starling.tl.TlObject;
import dev.starling.tl.row.SettingRow;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an account has chosen: each choice is an object of the API under a name, kept with the layer
 * that wrote it. Read without the account's box being held, as what others see depends on it.
 */
final class Settings {
  /** Choices of one account; most of them are notification settings of single chats. */
  static final int SETTINGS_MAX = 2_000;

  /** Accounts whose choices are kept in memory; most have made none. */
  private static final int CACHED_MAX = 100_000;

  private final Store store;
  private final Map<Long, Map<String, TlObject>> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Map<String, TlObject>> eldest) {
          return size() > CACHED_MAX;
        }
      };

  Settings(Store store) {
    this.store = store;
  }

  static byte[] key(String name) {
    return Rows.key(Rows.SETTING, name);
  }

  /** A choice; null when the account has made none. */
  <T extends TlObject> @Nullable T get(long account, String name, Class<T> type) {
    TlObject value = all(account).get(name);
    return type.isInstance(value) ? type.cast(value) : null;
  }

  /** All choices of an account, by name. */
  Map<String, TlObject> all(long account) {
    synchronized (cache) {
      Map<String, TlObject> known = cache.get(account);
      if (known != null) {
        return known;
      }
    }
    Map<String, TlObject> read = read(account);
    synchronized (cache) {
      cache.putIfAbsent(account, read); // what was committed since it was read is newer
      return cache.getOrDefault(account, read);
    }
  }

  /**
   * Writes a choice down; false when there are too many, or nobody to have it. The box's lock is
   * held.
   */
  boolean put(Mailbox box, String name, TlObject value) {
    Map<String, TlObject> changed = new HashMap<>(all(box.id));
    boolean full = !changed.containsKey(name) && changed.size() >= SETTINGS_MAX;
    if (box.ownerless || full) {
      return false;
    }
    changed.put(name, value);
    SettingRow row = new SettingRow(Layer.NEWEST.number(), Tl.encode(value, Layer.NEWEST));
    commit(box, new Batch().put(box.lease, key(name), Rows.encode(row)), changed);
    return true;
  }

  /** Forgets choices, if they were made. The box's lock is held. */
  void remove(Mailbox box, Iterable<String> names) {
    Map<String, TlObject> changed = new HashMap<>(all(box.id));
    Batch batch = new Batch();
    for (String name : names) {
      if (changed.remove(name) != null) {
        batch.delete(box.lease, key(name));
      }
    }
    commit(box, batch, changed);
  }

  /** The account's choices are read anew: somebody else wrote them, or they are gone. */
  void forget(long account) {
    synchronized (cache) {
      cache.remove(account);
    }
  }

  private void commit(Mailbox box, Batch batch, Map<String, TlObject> changed) {
    forget(box.id); // a commit that fails leaves in doubt which rows there are
    store.commit(batch);
    synchronized (cache) {
      cache.put(box.id, Map.copyOf(changed));
    }
  }

  private Map<String, TlObject> read(long account) {
    byte[] from = Rows.key(Rows.SETTING);
    Map<String, TlObject> read = new HashMap<>();
    for (Row row :
        store.scan(
            Rows.account(account), from, Rows.after(from), Order.ASCENDING, SETTINGS_MAX + 1)) {
      String name = new String(row.key(), 1, row.key().length - 1, StandardCharsets.UTF_8);
      SettingRow setting = Rows.decode(SettingRow.class, row.value());
      read.put(name, Rows.decodeApi(TlObject.class, setting.value()));
    }
    return Map.copyOf(read);
  }
}

package dev.starling.tl;

import org.jspecify.annotations.Nullable;

/**
 * A record that some older layer writes in another shape: wire tables reach its components by their
 * number.
 */
public interface Fields extends TlObject {
  /** The component of this number, boxed; null where an optional one is absent. */
  @Nullable Object field(int index);
}

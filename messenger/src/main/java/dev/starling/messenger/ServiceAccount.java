package dev.starling.messenger;

import dev.starling.tl.row.AccountRow;

/**
 * The account that the service itself speaks by. Every client knows 777000 for it: messages of it
 * are shown though nobody is a contact of it. It has no partition and signs in nowhere.
 */
final class ServiceAccount {
  static final long ID = 777_000;

  /** What it is shown as; clients look for nothing else than the id and the number. */
  static AccountRow row(String name) {
    return new AccountRow(true, ID, "42777", name, "", null, 0);
  }

  private ServiceAccount() {}
}

package dev.starling.app;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a program, to be looked through and changed in places. */
final class Binary {
  private final byte[] bytes;

  /** Changes {@code bytes} themselves. */
  Binary(byte[] bytes) {
    this.bytes = bytes;
  }

  /** One byte a character. */
  static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Where {@code part} begins in {@code from <= place < to}. */
  List<Integer> find(byte[] part, int from, int to) {
    List<Integer> places = new ArrayList<>();
    int last = Math.min(to, bytes.length - part.length + 1);
    for (int i = Math.max(from, 0); i < last; i++) {
      if (bytes[i] == part[0] && isAt(i, part)) {
        places.add(i);
      }
    }
    return places;
  }

  List<Integer> find(byte[] part) {
    return find(part, 0, bytes.length);
  }

  private boolean isAt(int place, byte[] part) {
    for (int i = 1; i < part.length; i++) {
      if (bytes[place + i] != part[i]) {
        return false;
      }
    }
    return true;
  }

  boolean contains(String text) {
    return !find(latin(text)).isEmpty();
  }

  /** The byte at a place, 0 to 255; 0 behind the end. */
  int at(int place) {
    return place < bytes.length ? bytes[place] & 0xff : 0;
  }

  /** A 32-bit little-endian number; 0 behind the end. */
  int intAt(int place) {
    return at(place) | at(place + 1) << 8 | at(place + 2) << 16 | at(place + 3) << 24;
  }

  void put(int place, byte[] part) {
    System.arraycopy(part, 0, bytes, place, part.length);
  }

  void putInt(int place, int number) {
    for (int i = 0; i < 4; i++) {
      bytes[place + i] = (byte) (number >>> (8 * i));
    }
  }
}

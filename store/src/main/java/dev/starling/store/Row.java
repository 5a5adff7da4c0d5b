package dev.starling.store;

/** A key and its value, as a scan found them; the arrays are the caller's own. */
@SuppressWarnings("ArrayRecordComponent") // a carrier: nobody compares rows or uses them as keys
public record Row(byte[] key, byte[] value) {}

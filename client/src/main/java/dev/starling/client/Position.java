package dev.starling.client;

/**
 * How much of an account's updates has been told: what {@code updates.getDifference} begins from.
 *
 * @param pts of the account's box
 * @param qts of its secret chats
 * @param date unix time, seconds
 */
public record Position(int pts, int qts, int date) {}

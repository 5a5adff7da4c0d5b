package dev.starling.store;

/**
 * The right to write into a partition, as {@link Store#acquire} gave it. It ends when somebody
 * acquires the partition again: commits with it are then {@linkplain StoreException.Fenced fenced}.
 *
 * @param epoch how often the partition has been acquired so far, from 1
 */
public record Lease(Partition partition, long epoch) {}

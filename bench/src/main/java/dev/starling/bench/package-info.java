/**
 * Measurements of the whole product from outside, each a command; the figures stand in
 * docs/benchmarks.md.
 */
@NullMarked
package dev.starling.bench;

import org.jspecify.annotations.NullMarked;

/**
 * The schema compiler: reads the TL schemas of every known layer and writes the generated types and
 * the wire tables of {@code dev.starling.tl}. It runs from source during the build and is no part
 * of the product.
 */
@NullMarked
package dev.starling.tl.compiler;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.starling.store;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.starling.tl;

import org.jspecify.annotations.NullMarked;

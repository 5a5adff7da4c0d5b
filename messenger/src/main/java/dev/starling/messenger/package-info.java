@NullMarked
package dev.starling.messenger;

import org.jspecify.annotations.NullMarked;

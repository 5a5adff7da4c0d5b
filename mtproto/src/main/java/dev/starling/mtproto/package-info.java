@NullMarked
package dev.starling.mtproto;

import org.jspecify.annotations.NullMarked;

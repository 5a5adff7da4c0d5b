@NullMarked
package dev.starling.client;

import org.jspecify.annotations.NullMarked;

/** The whole product, driven from outside: as a process, by clients nobody here wrote. */
@org.jspecify.annotations.NullMarked
package dev.starling.e2e;

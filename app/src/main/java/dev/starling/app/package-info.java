/**
 * The product as people run it: the command line, the data folder, the admin socket, and {@link
 * dev.starling.app.Wiring}, the whole product on one page.
 *
 * <p>{@link dev.starling.app.Verbs} lists the verbs. What an operator asks is a JSON object to an
 * {@link dev.starling.app.Operator}: the running server by its {@link
 * dev.starling.app.AdminSocket}, or, without one, this process on the data itself. A failure that a
 * person can mend is a {@link dev.starling.app.Problem}, which {@link dev.starling.app.Failures}
 * prints as one line.
 */
@NullMarked
package dev.starling.app;

import org.jspecify.annotations.NullMarked;

/** The clients that the operator plays: the only room that talks to other people's pods. */
@NullMarked
package dev.graceful.probe;

import org.jspecify.annotations.NullMarked;

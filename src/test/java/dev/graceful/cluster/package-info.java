/** Writes, against a real API server. */
@NullMarked
package dev.graceful.cluster;

import org.jspecify.annotations.NullMarked;

/** The only room that writes to the API server. */
@NullMarked
package dev.graceful.cluster;

import org.jspecify.annotations.NullMarked;

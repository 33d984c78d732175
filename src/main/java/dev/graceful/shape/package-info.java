/**
 * Policy and Deployment in; what to write, or why not, out. Pure: it knows no clock and no client.
 */
@NullMarked
package dev.graceful.shape;

import org.jspecify.annotations.NullMarked;

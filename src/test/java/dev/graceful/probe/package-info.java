/** Whole terminations, simulated with the schedule of the knocks. */
@NullMarked
package dev.graceful.probe;

import org.jspecify.annotations.NullMarked;

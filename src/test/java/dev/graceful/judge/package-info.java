/** Timelines in, findings out: one golden file a story. */
@NullMarked
package dev.graceful.judge;

import org.jspecify.annotations.NullMarked;

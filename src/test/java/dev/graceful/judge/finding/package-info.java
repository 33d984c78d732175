/** The sentences of the findings. */
@NullMarked
package dev.graceful.judge.finding;

import org.jspecify.annotations.NullMarked;

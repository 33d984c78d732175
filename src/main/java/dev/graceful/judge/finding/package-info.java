/** What can be found in a termination. One finding is one file: its check and its sentence. */
@NullMarked
package dev.graceful.judge.finding;

import org.jspecify.annotations.NullMarked;

/** Hints, which do not change the verdict. One hint is one file: its check and its sentence. */
@NullMarked
package dev.graceful.judge.hint;

import org.jspecify.annotations.NullMarked;

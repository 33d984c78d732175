/** What holds for all rooms together. */
@NullMarked
package dev.graceful;

import org.jspecify.annotations.NullMarked;

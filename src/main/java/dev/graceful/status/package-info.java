/** Decisions and findings in; conditions, reports and their words out. Pure. */
@NullMarked
package dev.graceful.status;

import org.jspecify.annotations.NullMarked;

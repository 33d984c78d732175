/** Decisions and findings in; conditions, reports and their words out. Pure. */
@NullMarked
package dev.graceful.report;

import org.jspecify.annotations.NullMarked;

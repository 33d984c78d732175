/** What findings and decisions add up to, and that saying it twice changes nothing. */
@NullMarked
package dev.graceful.report;

import org.jspecify.annotations.NullMarked;

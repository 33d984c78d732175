/** The probe against real and scripted servers, and its schedules. */
@NullMarked
package dev.graceful.probe;

import org.jspecify.annotations.NullMarked;

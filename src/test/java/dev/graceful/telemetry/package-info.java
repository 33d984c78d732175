@NullMarked
package dev.graceful.telemetry;

import org.jspecify.annotations.NullMarked;

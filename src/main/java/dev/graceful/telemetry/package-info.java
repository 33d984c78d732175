/** The operator's metrics, as Prometheus reads them at {@code /q/metrics}. */
@NullMarked
package dev.graceful.telemetry;

import org.jspecify.annotations.NullMarked;

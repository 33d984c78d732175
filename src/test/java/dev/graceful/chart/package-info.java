/** What the Helm chart promises, tried with the real Helm. */
@NullMarked
package dev.graceful.chart;

import org.jspecify.annotations.NullMarked;

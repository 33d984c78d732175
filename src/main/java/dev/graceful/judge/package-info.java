/**
 * One termination's timeline in, findings out. Pure: it knows no clock, no client and no Kubernetes
 * object.
 */
@NullMarked
package dev.graceful.judge;

import org.jspecify.annotations.NullMarked;

/**
 * One termination's timeline in, its verdict out. The evidence is derived from the timeline once;
 * each check of the chain reads it. Pure: it knows no clock, no client and no Kubernetes object.
 */
@NullMarked
package dev.graceful.judge;

import org.jspecify.annotations.NullMarked;

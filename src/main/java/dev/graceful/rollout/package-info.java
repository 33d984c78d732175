/**
 * When a decision may be written into a pod template, and in which order. Pure: it knows no clock,
 * no client and no lock; the time is passed in.
 */
@NullMarked
package dev.graceful.rollout;

import org.jspecify.annotations.NullMarked;

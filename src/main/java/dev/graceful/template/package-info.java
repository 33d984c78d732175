/**
 * Policy and Deployment in, change or reason out. It has no clock and no client. The decisions are
 * in the package {@code rule}, and its Planner is their table of contents.
 */
@NullMarked
package dev.graceful.template;

import org.jspecify.annotations.NullMarked;

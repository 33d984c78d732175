/** The rules by which a pod template is decided, one a file; the Planner has their order. */
@NullMarked
package dev.graceful.shape.rule;

import org.jspecify.annotations.NullMarked;

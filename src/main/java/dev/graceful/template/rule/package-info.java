/** The rules by which a pod template is decided, one a file; the Planner has their order. */
@NullMarked
package dev.graceful.template.rule;

import org.jspecify.annotations.NullMarked;

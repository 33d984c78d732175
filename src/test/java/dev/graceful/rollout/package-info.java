@NullMarked
package dev.graceful.rollout;

import org.jspecify.annotations.NullMarked;

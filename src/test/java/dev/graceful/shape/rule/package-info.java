@NullMarked
package dev.graceful.shape.rule;

import org.jspecify.annotations.NullMarked;

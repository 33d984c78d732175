@NullMarked
package dev.graceful.evidence;

import org.jspecify.annotations.NullMarked;

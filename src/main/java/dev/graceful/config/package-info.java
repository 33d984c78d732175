/** The operator's own settings. */
@NullMarked
package dev.graceful.config;

import org.jspecify.annotations.NullMarked;

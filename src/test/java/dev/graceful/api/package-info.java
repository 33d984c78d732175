@NullMarked
package dev.graceful.api;

import org.jspecify.annotations.NullMarked;

/** One connection against servers that do as they are told. */
@NullMarked
package dev.graceful.http;

import org.jspecify.annotations.NullMarked;

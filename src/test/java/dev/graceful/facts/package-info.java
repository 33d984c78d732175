/** What the watches and the probe deliver, in every order in which they do. */
@NullMarked
package dev.graceful.facts;

import org.jspecify.annotations.NullMarked;

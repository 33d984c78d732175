/** From the events of the API to those who are to be woken. */
@NullMarked
package dev.graceful.reconcile;

import org.jspecify.annotations.NullMarked;

/**
 * Kubernetes objects become plain records here, once, at the door. No later room asks whether a
 * field of the API is null.
 */
@NullMarked
package dev.graceful.facts;

import org.jspecify.annotations.NullMarked;

/**
 * Records what happened to the pods of Deployments. A state machine without a clock, a lock or I/O:
 * one thread gives it {@link dev.graceful.evidence.Event}s, and it answers with {@link
 * dev.graceful.evidence.Effect}s. It keeps a {@link dev.graceful.evidence.History} of each
 * termination and judges none.
 */
@NullMarked
package dev.graceful.evidence;

import org.jspecify.annotations.NullMarked;

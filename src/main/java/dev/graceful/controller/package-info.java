/** Wires the rooms to the cluster's events. It decides nothing. */
@NullMarked
package dev.graceful.controller;

import org.jspecify.annotations.NullMarked;

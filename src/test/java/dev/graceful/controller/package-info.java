/** From the events of the API to those who are to be woken. */
@NullMarked
package dev.graceful.controller;

import org.jspecify.annotations.NullMarked;

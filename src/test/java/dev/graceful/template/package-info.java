/** Policy and Deployment in, what is to be written or why not out: one folder a story. */
@NullMarked
package dev.graceful.template;

import org.jspecify.annotations.NullMarked;

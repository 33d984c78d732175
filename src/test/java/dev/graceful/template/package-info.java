/** Policy and Deployment in, the patch or the reason for none out: one folder a story. */
@NullMarked
package dev.graceful.template;

import org.jspecify.annotations.NullMarked;

/** The custom resources of {@code graceful.dev/v1alpha1}, and nothing else. */
@NullMarked
package dev.graceful.api.v1alpha1;

import org.jspecify.annotations.NullMarked;

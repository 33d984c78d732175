/**
 * What the operator and the tools that own Deployments do to each other: the real tools, against
 * real API servers and controllers of two Kubernetes versions, with pods that kwok plays.
 */
@NullMarked
package dev.graceful.owners;

import org.jspecify.annotations.NullMarked;

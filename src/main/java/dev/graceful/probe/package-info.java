/**
 * The clients that the operator plays: the only room that talks to other people's pods. It has two
 * HTTP clients, because it asks two questions. What happens to a connection as a pod ends is
 * evidence: {@code dev.graceful.http} has a socket for each, and tells each read and write with its
 * moment, which a client with a pool and retries hides. Whether a readiness probe passes is for the
 * kubelet to say: {@link ReadinessTrialRunner} does over Vert.x what the kubelet does, with its
 * redirects and HTTPS without a check of certificates, and needs no moments.
 */
@NullMarked
package dev.graceful.probe;

import org.jspecify.annotations.NullMarked;

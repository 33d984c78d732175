/**
 * The main job, end to end: a real cluster, real traffic, the operator as Helm installs it. All of
 * it goes through the API server, so it runs against any cluster.
 */
@NullMarked
package dev.graceful.e2e;

import org.jspecify.annotations.NullMarked;

/**
 * One HTTP connection to a pod, in parts: the reads and writes and their moments ({@code Channel}),
 * the protocol ({@code ResponseReader}, by Netty's decoder), and the reasons why there is no
 * connection ({@code ConnectFailure}). It blocks, and it starts no threads.
 */
@NullMarked
package dev.graceful.http;

import org.jspecify.annotations.NullMarked;

package dev.graceful.evidence;

import java.util.List;

/**
 * The ports of a pod that clients use.
 *
 * @param tried the TCP ports that are connected to, the one that requests go to first
 * @param untried how many more TCP ports there are
 * @param otherwise whether clients come in another way too: by UDP or SCTP, or by Services none of
 *     which names a TCP port
 */
public record ProbedPorts(List<ProbedPort> tried, int untried, boolean otherwise) {

  /** Nothing is connected to. */
  public static final ProbedPorts NONE = new ProbedPorts(List.of(), 0, false);
}

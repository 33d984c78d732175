package dev.graceful.evidence;

import java.util.List;

/**
 * The TCP ports of a pod that clients use.
 *
 * @param tried those that are connected to, the one that requests go to first
 * @param untried how many more there are
 */
public record ProbedPorts(List<ProbedPort> tried, int untried) {

  /** Nothing is connected to. */
  public static final ProbedPorts NONE = new ProbedPorts(List.of(), 0);
}

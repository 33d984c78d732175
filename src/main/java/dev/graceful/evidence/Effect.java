package dev.graceful.evidence;

import dev.graceful.facts.WorkloadRef;

/** What an {@link Event} calls for. */
public sealed interface Effect {

  /** Learn from a ready pod how its revision answers. */
  record MeasureBaseline(ProbeTarget target) implements Effect {}

  /** Learn which of the other ports of a ready pod accept connections. */
  record TryPorts(ProbeTarget target) implements Effect {}

  /** Play the clients of a pod that is terminating. */
  record StartProbe(ProbeTarget target, Course course) implements Effect {}

  /** A termination that is probed has come further. */
  record ProbeAdvanced(String podUid, Course course) implements Effect {}

  /** Leave a pod alone: its process has exited, or another pod has its address. */
  record StopProbe(String podUid) implements Effect {}

  /** Something about a workload may have to be published or decided anew. */
  record Reconsider(WorkloadRef workload) implements Effect {}
}

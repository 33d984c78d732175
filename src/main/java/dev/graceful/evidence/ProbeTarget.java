package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.WorkloadRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod for the probe.
 *
 * @param others its other ports, which are connected to, and no more
 * @param met how a pod of its revision answered while it was ready; null: not measured
 */
public record ProbeTarget(
    WorkloadRef workload,
    RevisionRef revision,
    PodRef pod,
    String address,
    ProbePlan asking,
    List<PodPort> others,
    @Nullable Baseline met) {}

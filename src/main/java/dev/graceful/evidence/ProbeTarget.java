package dev.graceful.evidence;

import dev.graceful.observe.Acquaintance;
import dev.graceful.observe.Asking;
import dev.graceful.observe.PodRef;
import dev.graceful.observe.RevisionRef;
import dev.graceful.observe.WorkloadRef;
import org.jspecify.annotations.Nullable;

/**
 * A pod for the probe.
 *
 * @param met how a pod of its revision answered while it was ready; null: not measured
 */
public record ProbeTarget(
    WorkloadRef workload,
    RevisionRef revision,
    PodRef pod,
    String address,
    Asking asking,
    @Nullable Acquaintance met) {}

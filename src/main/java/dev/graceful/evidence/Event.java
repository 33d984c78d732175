package dev.graceful.evidence;

import dev.graceful.facts.Backend;
import dev.graceful.facts.BackendFacts;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.WorkloadRef;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the watches, the probe and the reconcilers tell. */
public sealed interface Event {

  /** The moment of its receipt. Whoever tells takes it first, before reading anything. */
  Tick at();

  /** A ReplicaSet exists, or has changed. */
  record RevisionSeen(Tick at, RevisionFacts revision) implements Event {}

  /** A ReplicaSet is gone. Its pods may still be terminating. */
  record RevisionGone(Tick at, RevisionRef revision) implements Event {}

  /** A pod exists, or has changed. */
  record PodSeen(Tick at, PodFacts pod) implements Event {}

  /**
   * A pod is gone.
   *
   * @param last its last known state
   * @param missed whether the watch was down when the pod went
   */
  record PodGone(Tick at, PodFacts last, boolean missed) implements Event {}

  /** An EndpointSlice exists, or has changed. */
  record SliceSeen(Tick at, SliceFacts slice) implements Event {}

  /** An EndpointSlice is gone. */
  record SliceGone(Tick at, String namespace, String name) implements Event {}

  /** A Service exists, or has changed. */
  record BackendSeen(Tick at, BackendFacts service) implements Event {}

  /** A Service is gone. */
  record BackendGone(Tick at, Backend service) implements Event {}

  /**
   * The kubelet says that a preStop hook of a pod failed.
   *
   * @param namespace of the Kubernetes Event; it says nothing of a pod of another namespace
   * @param container the name of the hook's container; empty: it is not said
   */
  record HookFailed(Tick at, String namespace, String podUid, String container) implements Event {}

  /**
   * A policy governs a workload by these rules. Terminations under way keep those they began with.
   *
   * @param rules null: no policy governs it any longer
   */
  record Governed(Tick at, WorkloadRef workload, @Nullable ProbeRules rules) implements Event {}

  /** The operator could not see between two moments. These come in the order of time. */
  record SightLost(Tick from, Tick at) implements Event {}

  /** The probe has learned how a ready pod of a revision answers if it is asked in this way. */
  record BaselineMeasured(Tick at, RevisionRef revision, ProbePlan asking, Baseline baseline)
      implements Event {}

  /** Other ports of a ready pod of a revision have accepted connections. */
  record PortsReached(Tick at, RevisionRef revision, Set<Integer> ports) implements Event {}

  /** A client of the probe has seen something of a terminating pod. */
  record Attempted(Tick at, String podUid, Entry.Attempt attempt) implements Event {}

  /** Time has passed. Comes a few times a second. */
  record Passed(Tick at) implements Event {}
}

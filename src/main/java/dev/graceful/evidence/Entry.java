package dev.graceful.evidence;

import dev.graceful.facts.Exit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a {@link History}: what was seen, and when. */
public sealed interface Entry {

  /** When it was seen. */
  Tick at();

  /** What a client of the probe saw. */
  sealed interface Attempt extends Entry {}

  /** The deletion was seen for the first time. All later times are counted from here. */
  record Deleted(Tick at, long graceSeconds) implements Entry {}

  /** A later deletion set another grace period. */
  record GraceChanged(Tick at, long graceSeconds) implements Entry {}

  /** The reason of the pod's DisruptionTarget condition; null: it has none any more. */
  record Disrupted(Tick at, @Nullable String reason) implements Entry {}

  /** The kubelet has written a status since the deletion. */
  record TakenUp(Tick at) implements Entry {}

  /** The pod's Ready condition became false. */
  record Unready(Tick at) implements Entry {}

  /**
   * What all EndpointSlices together say of the pod, after one of them changed.
   *
   * @param listed whether any slice has it
   * @param cameOrWent whether the slice that changed took it up or dropped it
   * @param ready whether it is ready in any
   * @param terminating whether it is terminating in any
   * @param keptReady whether it is terminating and ready in one
   * @param lastReady whether one of its Services has no ready endpoint
   */
  record Endpoint(
      Tick at,
      boolean listed,
      boolean cameOrWent,
      boolean ready,
      boolean terminating,
      boolean keptReady,
      boolean lastReady)
      implements Entry {

    /** Whether it says the same of the pod as another entry. */
    boolean isLike(Endpoint other) {
      return listed == other.listed
          && ready == other.ready
          && terminating == other.terminating
          && keptReady == other.keptReady;
    }
  }

  /**
   * How many replicas the ReplicaSet wants.
   *
   * @param staying how many of its pods are not terminating
   */
  record Replicas(Tick at, int wanted, int staying) implements Entry {}

  /** A fresh connection to a port. Its moment is that for which the outcome is certain. */
  record Connected(Tick at, int port, ConnectOutcome outcome) implements Attempt {}

  /**
   * A request on a connection that is kept.
   *
   * @param outUntil until when it was surely out
   * @param at when its fate was known
   */
  record Requested(Tick sentAt, Tick outUntil, Tick at, RequestFate fate) implements Attempt {}

  /**
   * An idle connection.
   *
   * @param at when its one response had come
   * @param closedAt when the server closed it; null: it did not
   * @param announced whether the response said that the connection ends
   */
  record Idled(Tick at, @Nullable Tick closedAt, boolean announced) implements Attempt {}

  /**
   * The kubelet said that a preStop hook failed.
   *
   * @param container the name of its container; empty: it was not said
   */
  record HookFailed(Tick at, String container) implements Entry {}

  /** All serving containers have exited. With it come the exits of all containers, by name. */
  record Exited(Tick at, Map<String, Exit> exits) implements Entry {}

  /** The node ended the pod without a deletion. */
  record FailedByNode(Tick at, String reason, Map<String, Exit> exits) implements Entry {}

  /**
   * The pod is gone, and its status never said how its containers exited.
   *
   * @param missed whether the watch was down when it went
   */
  record Gone(Tick at, boolean missed) implements Entry {}

  /** The operator could not see. */
  record Blind(Tick from, Tick at) implements Entry {}

  /**
   * Nothing more is expected.
   *
   * @param orphaned whether its ReplicaSet belongs to no Deployment any more
   * @param newerRevision whether the Deployment has a newer revision
   * @param replicasWanted whether the Deployment wants any replica
   * @param reachable whether a ready pod of the revision was reached; null: none was asked
   */
  record Closed(
      Tick at,
      boolean orphaned,
      boolean newerRevision,
      boolean replicasWanted,
      @Nullable Boolean reachable)
      implements Entry {}
}

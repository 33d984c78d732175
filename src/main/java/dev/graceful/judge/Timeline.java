package dev.graceful.judge;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.SigtermWindow;
import dev.graceful.evidence.Unready;
import dev.graceful.facts.PodRef;
import dev.graceful.facts.UnfitPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one termination. Times are milliseconds since its deletion was first seen,
 * on the operator's one monotonic clock, taken where the watch or the probe delivered.
 *
 * @param template what its pod template says
 * @param graceSeconds of the deletion, as first seen: later deletions shorten it
 * @param graceCut null: it had as much as its template gives it
 * @param propagationSeconds how long clients may still come after the pod left
 * @param asked what was requested of it; null: nothing, connections at most
 * @param ports the ports that clients use
 * @param unfit what was not requested of it, as a ready pod answered it badly; null: there is none
 * @param everReady whether it was ever seen ready
 * @param exposed whether any EndpointSlice that clients use had it when the deletion was seen
 * @param unready null: one had it as ready, or there is none
 * @param leftMillis when it was not ready any more in all its slices; may be a little below zero,
 *     as two watches race; null: not seen
 * @param lastOfItsService whether no ready endpoint remained in one of its Services when it left,
 *     though its Deployment wants replicas
 * @param unreadyMillis when its Ready condition became false; null: not before its end
 * @param sigterm null: not known, or not to be relied on
 * @param hookFailed the preStop hook that failed; null: the kubelet said so of none
 * @param ending null: not seen
 * @param endedByNode what the node said when it ended the pod without a deletion; null: it did not
 * @param connectionAttempts at the port that is asked; those at others are in {@code ports}
 * @param keepAliveRequests of the clients that keep their connections
 * @param idleConnection null: there was no such client
 * @param unseen null: seen from beginning to end
 */
public record Timeline(
    PodRef pod,
    Cause cause,
    Template template,
    long graceSeconds,
    @Nullable GraceCut graceCut,
    int propagationSeconds,
    Verification verification,
    @Nullable ProbedPath asked,
    Ports ports,
    @Nullable UnfitPath unfit,
    boolean everReady,
    boolean exposed,
    @Nullable Unready unready,
    @Nullable Long leftMillis,
    boolean lastOfItsService,
    @Nullable Long unreadyMillis,
    @Nullable SigtermWindow sigterm,
    @Nullable FailedHook hookFailed,
    @Nullable Ending ending,
    @Nullable String endedByNode,
    List<ConnectionAttempt> connectionAttempts,
    List<KeepAliveRequest> keepAliveRequests,
    @Nullable IdleConnection idleConnection,
    List<BlindSpot> blindSpots,
    @Nullable Unseen unseen) {

  /** Two watches may deliver in another order than things happened, by so much. */
  public static final long WATCHES_APART_MILLIS = 500;

  /** When SIGTERM came at the latest; null: not known. */
  public @Nullable Long sigtermLatestMillis() {
    return sigterm == null ? null : sigterm.latestMillis();
  }

  /** How many fresh connections were tried, at all ports. */
  public int countConnectionAttempts() {
    return connectionAttempts.size()
        + ports.others().stream().mapToInt(it -> it.connectionAttempts().size()).sum();
  }

  /** Whether there was time for clients with requests in flight over SIGTERM. */
  public boolean leftTimeForClients() {
    return SigtermWindow.leavesTimeForClients(graceSeconds, template.hookMillis);
  }

  /**
   * What the pod's template says that a verdict needs.
   *
   * @param sleepSeconds the longest preStop sleep of its serving containers; 0: none
   * @param hookMillis how long a preStop hook of theirs takes at least, as far as its text tells
   * @param customPreStop whether one of them has a preStop hook that is no native sleep
   * @param readinessProbe whether one of them has a readiness probe
   * @param proxy the name of a known proxy that stands before the app; null: none
   */
  public record Template(
      int sleepSeconds,
      long hookMillis,
      boolean customPreStop,
      boolean readinessProbe,
      @Nullable String proxy) {}

  /** A termination without evidence: only the pod's name and its absence are known. */
  public static Timeline unseen(PodRef pod, Unseen why) {
    return new Timeline(
        pod,
        Cause.Other,
        new Template(0, 0, false, false, null),
        0,
        null,
        0,
        Verification.NotAsked,
        null,
        Ports.NONE,
        null,
        true,
        true,
        null,
        null,
        false,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        null,
        List.of(),
        why);
  }
}

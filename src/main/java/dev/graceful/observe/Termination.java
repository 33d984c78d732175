package dev.graceful.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One termination under way: what its timeline will be made of. Not thread-safe. */
final class Termination {

  /**
   * The kubelet hands its status to a writer and runs the hook without waiting for it. On a node
   * with much to do the write was seen 0.9 s after the hook had begun.
   */
  private static final long TAKEN_EARLIER_MILLIS = 1_000;

  private static final long TAKEN_LATER_MILLIS = 500;

  /** The kubelet may have heard of the deletion so much earlier than the operator. */
  private static final long HEARD_EARLIER_MILLIS = 250;

  /** The kubelet takes up a deletion with its next look at the node's containers. */
  private static final long KUBELET_LATE_MILLIS = 2_500;

  final long startNanos;
  final long graceSeconds;
  final int propagationSeconds;
  final boolean connects;
  final @Nullable Asked asked;
  final boolean exposed;
  final Timeline.Template template;
  final boolean sleepsDiffer;
  final Set<String> servingContainers;
  final boolean ownAddress;
  final boolean probed;
  final List<Knock> knocks = new ArrayList<>();
  final List<Exchange> exchanges = new ArrayList<>();
  @Nullable IdleKeepAlive idleKeepAlive;
  boolean graceShortened;
  boolean fewerReplicas;
  boolean hookFailed;
  boolean readinessFailed;
  @Nullable String disruption;
  @Nullable Long takenMillis;
  @Nullable Long unreadyMillis;
  @Nullable Ending ending;
  long lastEvidenceNanos;

  Termination(
      long startNanos,
      long graceSeconds,
      int propagationSeconds,
      boolean connects,
      @Nullable Asked asked,
      boolean exposed,
      List<ContainerFacts> serving,
      @Nullable String proxy,
      boolean hostNetwork,
      boolean ownAddress,
      boolean probed) {
    this.startNanos = startNanos;
    this.lastEvidenceNanos = startNanos;
    this.graceSeconds = graceSeconds;
    this.propagationSeconds = propagationSeconds;
    this.connects = connects;
    this.asked = asked;
    this.exposed = exposed;
    this.servingContainers = Set.copyOf(serving.stream().map(ContainerFacts::name).toList());
    this.sleepsDiffer = serving.stream().map(ContainerFacts::sleepSeconds).distinct().count() > 1;
    this.template =
        new Timeline.Template(
            serving.stream().mapToInt(ContainerFacts::sleepSeconds).max().orElse(0),
            serving.stream().anyMatch(ContainerFacts::hasForeignHook),
            serving.stream().anyMatch(ContainerFacts::hasReadinessProbe),
            proxy,
            hostNetwork);
    this.ownAddress = ownAddress;
    this.probed = probed;
  }

  long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
  }

  long sleepMillis() {
    return template.sleepSeconds() * 1_000L;
  }

  /** When SIGTERM comes; null: how long the hook takes is not known. */
  @Nullable Sigterm sigterm() {
    if (template.foreignHook() || sleepsDiffer) {
      return null;
    }
    long beganEarliest = -HEARD_EARLIER_MILLIS;
    long beganLatest = KUBELET_LATE_MILLIS;
    if (takenMillis != null) {
      beganEarliest = Math.min(beganEarliest, takenMillis - TAKEN_EARLIER_MILLIS);
      beganLatest = takenMillis + TAKEN_LATER_MILLIS;
    }
    return new Sigterm(Math.max(0, sleepMillis() + beganEarliest), sleepMillis() + beganLatest);
  }

  /** The same, if there is time enough after it for clients that keep connections. */
  @Nullable Sigterm sigtermToBeWaitedFor() {
    return Timeline.leavesTimeForClients(graceSeconds, template.sleepSeconds()) ? sigterm() : null;
  }

  /** When the latest knock that was served began; null: none was. */
  @Nullable Long servedMillis() {
    for (int i = knocks.size() - 1; i >= 0; i--) {
      switch (knocks.get(i).outcome()) {
        case Answered, ClientError, ServerError, Accepted -> {
          return knocks.get(i).atMillis();
        }
        case Reset, Refused, TimedOut, Unreachable -> {}
      }
    }
    return null;
  }

  int refusedInARow() {
    int refused = 0;
    for (int i = knocks.size() - 1; i >= 0; i--) {
      switch (knocks.get(i).outcome()) {
        case Refused, Reset -> refused++;
        case Answered, ClientError, ServerError, Accepted, TimedOut, Unreachable -> {
          return refused;
        }
      }
    }
    return refused;
  }

  /** How its serving containers ended; null: not all of them have. */
  static @Nullable Exit exit(PodFacts facts, Set<String> serving) {
    @Nullable Exit worst = null;
    for (String name : serving) {
      Exit exit = facts.exits().get(name);
      if (exit == null) {
        return null;
      }
      if (worst == null || worst.code() == 0) {
        worst = exit;
      }
    }
    return worst;
  }

  /** A container that does not serve itself and ended well before; null: there is none. */
  @Nullable String endedFirst(PodFacts facts, Exit exit) {
    Long end = exit.afterDeletionSeconds();
    if (end == null) {
      return null;
    }
    return facts.exits().entrySet().stream()
        .filter(e -> !servingContainers.contains(e.getKey()))
        .filter(
            e ->
                e.getValue().afterDeletionSeconds() != null
                    && e.getValue().afterDeletionSeconds() < end - 1)
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .orElse(null);
  }
}

package dev.graceful.evidence;

import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.PodFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A termination under way: its history so far. It ends with {@link #history}. */
final class Termination {

  /** How long after a pod's end its leaving is waited for: two watches race. */
  private static final long WAIT_TO_LEAVE_MILLIS = 2_000;

  /**
   * How long after a pod's end the Kubernetes Event on its hook is waited for. The kubelet records
   * it before it sends SIGTERM, and writes the pod's end only once it has seen that.
   */
  private static final long WAIT_FOR_EVENT_MILLIS = 500;

  final Pod pod;
  final Tick deletedAt;
  final Setting setting;
  private final List<Entry> entries;
  private long graceSeconds;
  private @Nullable String disruption;
  private @Nullable Long takenMillis;
  private Entry.@Nullable Endpoint endpoint;
  private boolean unready;
  private boolean hookFailed;

  /** Null: its process runs. */
  private @Nullable Tick endedAt;

  Termination(Pod pod, Tick deletedAt, Setting setting) {
    this.pod = pod;
    this.deletedAt = deletedAt;
    this.setting = setting;
    this.graceSeconds = setting.graceSeconds();
    this.entries = new ArrayList<>(pod.earlier);
    entries.add(new Entry.Deleted(deletedAt, setting.graceSeconds()));
  }

  void add(Entry entry) {
    entries.add(entry);
    // A helper's says nothing of the hook that is waited for.
    hookFailed |=
        entry instanceof Entry.HookFailed failed
            && (failed.container().isEmpty() || setting.mayServe(failed.container()));
  }

  /** Its slices have changed. An entry like the one before is not kept. */
  void tell(Entry.Endpoint entry) {
    if (entry.cameOrWent() || endpoint == null || !entry.isLike(endpoint)) {
      endpoint = entry;
      entries.add(entry);
    }
  }

  /**
   * Takes over what the pod's watch shows while its process runs, as far as was known.
   *
   * @param first whether this is the first sight of the deletion: an exit came before it
   */
  void take(PodFacts facts, Tick at, boolean first) {
    Long grace = facts.deletionGraceSeconds();
    if (grace != null && grace != graceSeconds) {
      graceSeconds = grace;
      entries.add(new Entry.GraceChanged(at, grace));
    }
    takeDisruption(facts.disruption(), at);
    if (takenMillis == null && facts.deletionTaken()) {
      takenMillis = at.millisSince(deletedAt);
      entries.add(new Entry.TakenUp(at));
    }
    if (hasExited(facts)) {
      endedAt = at;
      entries.add(first ? pod.earlier.size() : entries.size(), new Entry.Exited(at, facts.exits()));
    } else if (!facts.ready() && !unready) {
      unready = true;
      entries.add(new Entry.Unready(at));
    }
  }

  /** Takes over why the pod is disrupted. */
  void takeDisruption(@Nullable String reason, Tick at) {
    if (reason == null ? disruption != null : !reason.equals(disruption)) {
      disruption = reason;
      entries.add(new Entry.Disrupted(at, reason));
    }
  }

  private boolean hasExited(PodFacts facts) {
    return !setting.serving().isEmpty()
        && setting.serving().stream()
            .map(ContainerFacts::name)
            .allMatch(facts.exits()::containsKey);
  }

  boolean hasEnded() {
    return endedAt != null;
  }

  /** Whether it has ended, and all that may still come has come or is overdue. */
  boolean isComplete(Tick now) {
    Tick ended = endedAt;
    if (ended == null) {
      return false;
    }
    long since = now.millisSince(deletedAt) - ended.millisSince(deletedAt);
    EndpointState seen = pod.endpoint;
    boolean leaves =
        setting.exposed()
            && seen.leftAt() == null
            && seen.absentAt() == null
            && since < WAIT_TO_LEAVE_MILLIS;
    boolean hook = setting.customPreStop() && !hookFailed && since < WAIT_FOR_EVENT_MILLIS;
    return !leaves && !hook;
  }

  /** What the probe's clients need to know. */
  Course course() {
    SigtermWindow sigterm = setting.leavesTimeForClients() ? setting.sigterm(takenMillis) : null;
    return new Course(deletedAt, setting, pod.endpoint, sigterm);
  }

  /** The whole history, with what is known at its end. */
  History history(Entry.Closed closed, List<Entry.Blind> blindSpots) {
    List<Entry> all = new ArrayList<>(entries);
    all.addAll(blindSpots);
    all.add(closed);
    return new History(pod.ref, setting, List.copyOf(all));
  }
}

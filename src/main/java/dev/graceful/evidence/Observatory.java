package dev.graceful.evidence;

import dev.graceful.facts.PodFacts;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.WorkloadRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was seen of the pods of Deployments, and keeps the {@link History} of each
 * termination until it is published. Not thread-safe: one thread owns it.
 */
public final class Observatory {

  private final Workloads workloads = new Workloads();
  private final EndpointIndex endpoints = new EndpointIndex();
  private final Map<String, Pod> pods = new HashMap<>();
  private final Conclusions conclusions = new Conclusions(workloads, this::concluded);
  private final Set<Effect> effects = new LinkedHashSet<>();
  private final Probing probing;
  private final Slices slices;

  /**
   * Remembers nothing yet.
   *
   * @param mostProbedAtOnce how many terminations are probed at the same time
   * @param mayBeAsked whether a pod may be asked at an address
   */
  public Observatory(int mostProbedAtOnce, Predicate<String> mayBeAsked) {
    this.probing = new Probing(mostProbedAtOnce, mayBeAsked, workloads, endpoints, effects::add);
    this.slices = new Slices(endpoints, pods::get, conclusions, probing, this::reconsider);
  }

  /** Records an event, and says what it calls for. */
  public List<Effect> step(Event event) {
    effects.clear();
    switch (event) {
      case Event.RevisionSeen e -> revisionSeen(e.revision(), e.at());
      case Event.RevisionGone e -> revisionGone(e.revision());
      case Event.PodSeen e -> podSeen(e.pod(), e.at());
      case Event.PodGone e -> podGone(e);
      case Event.SliceSeen e -> slices.seen(e.slice(), e.at());
      case Event.SliceGone e -> slices.gone(e.namespace(), e.name(), e.at());
      case Event.BackendSeen e ->
          slices.serviceIs(e.service().name(), e.service().discovery(), e.at());
      case Event.BackendGone e -> slices.serviceIs(e.service(), false, e.at());
      case Event.HookFailed e -> hookFailed(e);
      case Event.Governed e -> governed(e.workload(), e.rules());
      case Event.SightLost e -> conclusions.sightLost(e.from(), e.at());
      case Event.BaselineMeasured e ->
          probing.baselineMeasured(e.revision(), e.asking(), e.baseline());
      case Event.PortsReached e -> probing.portsReached(e.revision(), e.ports());
      case Event.Attempted e -> attempted(e);
      case Event.Passed e -> conclusions.passed(e.at());
    }
    return List.copyOf(effects);
  }

  /** What is known of a workload; valid until the next step. */
  public WorkloadView workload(WorkloadRef workload) {
    return new WorkloadView(workloads.of(workload), endpoints, probing);
  }

  /**
   * Forgets terminations of a revision that are published.
   *
   * @param at when all was published that was known of the revision
   */
  public void acknowledge(RevisionRef ref, Collection<History> published, Tick at) {
    workloads.acknowledge(ref, published, at);
  }

  /** How many terminations are probed now. */
  public int probedNow() {
    return probing.now();
  }

  // ---------------------------------------------------------------- ReplicaSets and policies

  private void revisionSeen(RevisionFacts facts, Tick now) {
    Revision revision = workloads.revision(facts.ref());
    RevisionFacts before = revision.facts;
    workloads.describe(revision, facts);
    if (facts.workload() != null && before == null && !revision.pods.isEmpty()) {
      reconsider(revision);
      revision.pods.values().forEach(probing::measureBaseline);
    }
    if (before != null && facts.replicas() < before.replicas()) {
      revision.tellReplicas(now);
    }
  }

  private void revisionGone(RevisionRef ref) {
    Revision revision = workloads.find(ref);
    if (revision != null) {
      revision.gone = true;
      forgetUnlessGoverned(revision);
    }
  }

  /** Of a revision that is gone, pods and histories are kept only for those who publish them. */
  private void forgetUnlessGoverned(Revision revision) {
    if (workloads.rules(revision.workload()) == null) {
      revision.concluded.clear();
      List.copyOf(revision.pods.values()).forEach(this::forget);
    }
    workloads.forgetIfOver(revision);
  }

  private void governed(WorkloadRef workload, @Nullable ProbeRules rules) {
    ProbeRules before = workloads.govern(workload, rules);
    if (rules == null || rules.equals(before)) {
      workloads.of(workload).stream().filter(r -> r.gone).forEach(this::forgetUnlessGoverned);
      return;
    }
    for (Revision revision : workloads.of(workload)) {
      if (before != null && !before.verify().equals(rules.verify())) {
        revision.forgetBaseline();
      }
      revision.pods.values().forEach(probing::measureBaseline);
    }
  }

  // ---------------------------------------------------------------- pods

  private void podSeen(PodFacts facts, Tick now) {
    Pod known = pods.get(facts.ref().uid());
    Pod pod = known == null ? newPod(facts) : known;
    if (pod == null) {
      return;
    }
    probing.moveTo(pod, facts.address());
    if (facts.ready() && !pod.ready && workloads.rules(pod.revision.workload()) != null) {
      // What waits for a pod that answers can go on.
      reconsider(pod.revision);
    }
    pod.take(facts, now);
    if (facts.deletionGraceSeconds() != null) {
      terminating(pod, facts, facts.deletionGraceSeconds(), now);
    } else if (facts.failure() != null) {
      failedByNode(pod, facts, facts.failure(), now);
    } else {
      probing.measureBaseline(pod);
    }
  }

  /** A pod that names a ReplicaSet of another namespace as its owner has none. Null: ignored. */
  private @Nullable Pod newPod(PodFacts facts) {
    String owner = facts.replicaSetUid();
    if (owner == null || facts.deletionGraceSeconds() != null || facts.failure() != null) {
      // What it did before is not known. If an earlier run of the operator knew the pod, the
      // reconciler finds its uid in the report.
      return null;
    }
    Revision revision = workloads.revision(new RevisionRef(facts.ref().namespace(), owner));
    var pod = new Pod(facts.ref(), revision);
    pods.put(pod.ref.uid(), pod);
    revision.pods.put(pod.ref.uid(), pod);
    reconsider(revision);
    return pod;
  }

  private void terminating(Pod pod, PodFacts facts, long graceSeconds, Tick now) {
    boolean first = pod.termination == null;
    Termination termination = first ? begin(pod, facts, graceSeconds, now) : pod.termination;
    if (termination == null || termination.hasEnded()) {
      return;
    }
    termination.take(facts, now, first);
    if (first && termination.hasEnded()) {
      conclusions.conclude(termination, now);
    } else {
      conclusions.settle(pod, now);
      probing.advance(pod);
    }
  }

  private void failedByNode(Pod pod, PodFacts facts, String reason, Tick now) {
    Termination termination = begin(pod, facts, 0, now);
    if (termination != null) {
      termination.takeDisruption(facts.disruption(), now);
      termination.add(new Entry.FailedByNode(now, reason, facts.exits()));
      conclusions.conclude(termination, now);
    }
  }

  private void podGone(Event.PodGone event) {
    PodFacts last = event.last();
    Tick now = event.at();
    // The last event of a watch carries the last state, and it alone may show a quick end.
    if (!event.missed()) {
      podSeen(last, now);
    }
    Pod pod = pods.get(last.ref().uid());
    if (pod == null || (pod.termination != null && pod.termination.hasEnded())) {
      // Its end is recorded: only its leaving or the Event on its hook is waited for.
      return;
    }
    Termination termination = pod.termination;
    if (termination == null && event.missed()) {
      if (workloads.rules(pod.revision.workload()) != null) {
        pod.revision.concluded.add(History.unseen(pod.ref, now));
        reconsider(pod.revision);
      }
      forget(pod);
      return;
    }
    // Without a grace period, the first sight of the deletion is the end.
    Termination ends = termination == null ? begin(pod, last, 0, now) : termination;
    if (ends != null) {
      ends.add(new Entry.Gone(now, event.missed()));
      conclusions.conclude(ends, now);
    }
  }

  private void hookFailed(Event.HookFailed event) {
    Pod pod = pods.get(event.podUid());
    if (pod != null && pod.termination != null && pod.ref.namespace().equals(event.namespace())) {
      pod.termination.add(new Entry.HookFailed(event.at(), event.container()));
      conclusions.settle(pod, event.at());
    }
  }

  private void attempted(Event.Attempted event) {
    Pod pod = pods.get(event.podUid());
    if (pod != null && pod.termination != null && probing.mayStillAsk(pod)) {
      pod.termination.add(event.attempt());
    }
  }

  // ---------------------------------------------------------------- terminations

  /** Null: no policy governs the pod, which is forgotten. */
  private @Nullable Termination begin(Pod pod, PodFacts facts, long graceSeconds, Tick now) {
    WorkloadRef workload = pod.revision.workload();
    ProbeRules rules = workloads.rules(workload);
    if (workload == null || rules == null) {
      forget(pod);
      return null;
    }
    // The slice's watch may be the first to tell of a pod that went at once.
    boolean exposed = endpoints.have(pod.ref) || pod.endpoint.mayBeMoving(now);
    boolean worthwhile =
        exposed && graceSeconds > 0 && pod.mayHaveClients(rules.propagationSeconds(), now);
    PlannedProbe plan = probing.plan(pod, facts, rules, worthwhile);
    var termination = new Termination(pod, now, plan.setting(pod, graceSeconds, exposed, now));
    pod.termination = termination;
    termination.add(pod.revision.replicas(now));
    probing.start(termination, workload, plan);
    reconsider(pod.revision);
    return termination;
  }

  private void concluded(Pod pod) {
    reconsider(pod.revision);
    forget(pod);
  }

  private void forget(Pod pod) {
    pods.remove(pod.ref.uid());
    pod.revision.pods.remove(pod.ref.uid());
    workloads.forgetIfOver(pod.revision);
    conclusions.forget(pod);
    probing.forget(pod);
  }

  private void reconsider(Revision revision) {
    WorkloadRef workload = revision.workload();
    if (workload != null) {
      effects.add(new Effect.Reconsider(workload));
    }
  }
}

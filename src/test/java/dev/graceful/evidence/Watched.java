package dev.graceful.evidence;

import dev.graceful.facts.Backend;
import dev.graceful.facts.BackendFacts;
import dev.graceful.facts.Exposure.Way;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.SliceFacts;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.judge.Interpreter;
import dev.graceful.judge.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An observatory that is told one thing after the other, and what it has called for so far. */
final class Watched {

  final Observatory observatory;
  final List<WorkloadRef> changed = new ArrayList<>();
  final List<ProbeTarget> toMeet = new ArrayList<>();
  final List<ProbeTarget> toTry = new ArrayList<>();
  final List<ProbeTarget> started = new ArrayList<>();
  private final Map<RevisionRef, ProbePlan> asked = new HashMap<>();
  private final Map<String, Course> courses = new HashMap<>();

  Watched(int mostProbedAtOnce) {
    this.observatory = new Observatory(mostProbedAtOnce, dev.graceful.facts.PodAddress::mayBe);
  }

  void clear() {
    changed.clear();
    toMeet.clear();
    toTry.clear();
    started.clear();
  }

  void step(Event event) {
    for (Effect effect : observatory.step(event)) {
      switch (effect) {
        case Effect.MeasureBaseline e -> {
          toMeet.add(e.target());
          asked.put(e.target().revision(), e.target().asking());
        }
        case Effect.TryPorts e -> toTry.add(e.target());
        case Effect.StartProbe e -> {
          started.add(e.target());
          courses.put(e.target().pod().uid(), e.course());
        }
        case Effect.ProbeAdvanced e -> courses.replace(e.podUid(), e.course());
        case Effect.StopProbe e -> courses.remove(e.podUid());
        case Effect.Reconsider e -> changed.add(e.workload());
      }
    }
  }

  /** What the probe of a pod was told last; null: it is to leave the pod alone. */
  @Nullable Course course(String podUid) {
    return courses.get(podUid);
  }

  void govern(WorkloadRef workload, @Nullable ProbeRules rules) {
    step(new Event.Governed(new Tick(0), workload, rules));
  }

  List<String> injected(WorkloadRef workload) {
    return observatory.workload(workload).injected();
  }

  void replicaSet(RevisionFacts facts, Tick at) {
    step(new Event.RevisionSeen(at, facts));
  }

  void replicaSetGone(RevisionRef ref) {
    step(new Event.RevisionGone(new Tick(0), ref));
  }

  void pod(PodFacts facts, Tick at) {
    step(new Event.PodSeen(at, facts));
  }

  void podGone(PodFacts facts, boolean missed, Tick at) {
    step(new Event.PodGone(at, facts, missed));
  }

  void slice(SliceFacts facts, Tick at) {
    step(new Event.SliceSeen(at, facts));
  }

  void sliceGone(String namespace, String name, Tick at) {
    step(new Event.SliceGone(at, namespace, name));
  }

  void service(String namespace, String name, boolean discovery, Tick at) {
    step(
        new Event.BackendSeen(
            at,
            new BackendFacts(new Backend(namespace, name), Way.ClusterIp, null, false, discovery)));
  }

  void serviceGone(String namespace, String name, Tick at) {
    step(new Event.BackendGone(at, new Backend(namespace, name)));
  }

  void hookFailed(String namespace, String podUid, String container, Tick at) {
    step(new Event.HookFailed(at, namespace, podUid, container));
  }

  void tick(Tick at) {
    step(new Event.Passed(at));
  }

  void blind(Tick from, Tick to) {
    step(new Event.SightLost(from, to));
  }

  void met(RevisionRef ref, Baseline baseline) {
    step(
        new Event.BaselineMeasured(
            new Tick(0), ref, Objects.requireNonNull(asked.get(ref)), baseline));
  }

  void reached(RevisionRef ref, Integer... ports) {
    step(new Event.PortsReached(new Tick(0), ref, Set.of(ports)));
  }

  void connected(String podUid, ConnectOutcome outcome, Tick at) {
    connected(podUid, 8080, outcome, at);
  }

  void connected(String podUid, int port, ConnectOutcome outcome, Tick at) {
    step(new Event.Attempted(at, podUid, new Entry.Connected(at, port, outcome)));
  }

  void requested(String podUid, Tick sent, Tick outUntil, Tick at, RequestFate fate) {
    step(new Event.Attempted(at, podUid, new Entry.Requested(sent, outUntil, at, fate)));
  }

  void idled(String podUid, Tick answered, @Nullable Tick closed, boolean announced) {
    step(new Event.Attempted(answered, podUid, new Entry.Idled(answered, closed, announced)));
  }

  List<RevisionHistories> histories(WorkloadRef workload) {
    return observatory.workload(workload).histories();
  }

  /** What the histories of a revision mean, in the order in which they ended. */
  static List<Timeline> timelines(RevisionHistories revision) {
    return revision.concluded().stream().map(Interpreter::timeline).toList();
  }
}

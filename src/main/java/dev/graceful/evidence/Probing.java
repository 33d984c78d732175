package dev.graceful.evidence;

import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.PodFacts;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.RevisionRef;
import dev.graceful.facts.ServingContainers;
import dev.graceful.facts.UnfitPath;
import dev.graceful.facts.WorkloadRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which pods the probe asks, and until when: it gives out the {@link Effect}s for it. */
final class Probing {

  private final int mostAtOnce;
  private final Predicate<String> mayBeAsked;
  private final Workloads workloads;
  private final EndpointIndex endpoints;
  private final Consumer<Effect> effects;
  private final Map<String, String> podOfAddress = new HashMap<>();
  private int now;

  Probing(
      int mostAtOnce,
      Predicate<String> mayBeAsked,
      Workloads workloads,
      EndpointIndex endpoints,
      Consumer<Effect> effects) {
    this.mostAtOnce = mostAtOnce;
    this.mayBeAsked = mayBeAsked;
    this.workloads = workloads;
    this.endpoints = endpoints;
    this.effects = effects;
  }

  /** How many terminations are probed now. */
  int now() {
    return now;
  }

  /** A pod has an address now; a pod that had it before is not asked there any longer. */
  void moveTo(Pod pod, @Nullable String address) {
    if (address != null && !address.equals(pod.address)) {
      String other = podOfAddress.put(address, pod.ref.uid());
      if (other != null) {
        effects.accept(new Effect.StopProbe(other));
      }
      pod.address = address;
    }
  }

  /** Has the baseline of a pod's revision measured, if that was not done and the pod can tell. */
  void measureBaseline(Pod pod) {
    if (pod.revision.asked == null) {
      measure(pod);
    }
  }

  /** The same where its ports may have changed: what is not known of them is measured. */
  void measure(Pod pod) {
    Revision revision = pod.revision;
    RevisionFacts facts = revision.facts;
    WorkloadRef workload = revision.workload();
    ProbeRules rules = workloads.rules(workload);
    String address = pod.address;
    if (!pod.ready || pod.termination != null || !isAskable(pod)) {
      return;
    }
    if (workload == null || facts == null || rules == null || address == null) {
      return;
    }
    ClientPorts used = endpoints.portsOf(Stream.of(pod.ref));
    ProbePlan asking = ProbePlan.of(rules.verify(), facts.containers(), used);
    if (asking == null) {
      return;
    }
    Set<Integer> ports = rules.verify().among(used.tcp(), facts.containers());
    if (revision.isToBeAsked(asking)) {
      effects.accept(
          new Effect.MeasureBaseline(
              new ProbeTarget(workload, revision.ref, pod.ref, address, asking, List.of(), null)));
    }
    List<PodPort> others = revision.ports.toTry(others(asking, ports, address));
    if (!others.isEmpty()) {
      effects.accept(
          new Effect.TryPorts(
              new ProbeTarget(workload, revision.ref, pod.ref, address, asking, others, null)));
    }
  }

  private static List<PodPort> others(ProbePlan asking, Set<Integer> ports, String address) {
    return asking.others(ports).stream().map(port -> new PodPort(address, port)).toList();
  }

  /** How a ready pod of a revision answers. */
  void baselineMeasured(RevisionRef ref, ProbePlan asking, Baseline baseline) {
    Revision revision = workloads.find(ref);
    if (revision != null && asking.equals(revision.asked)) {
      revision.baseline = baseline;
      if (baseline.reachable()) {
        revision.ports.reached(Set.of(asking.port()));
      }
      WorkloadRef workload = revision.workload();
      if (workload != null && revision.unfit() != null) {
        effects.accept(new Effect.Reconsider(workload));
      }
    }
  }

  /** Other ports of a ready pod of a revision have accepted connections. */
  void portsReached(RevisionRef ref, Set<Integer> ports) {
    Revision revision = workloads.find(ref);
    if (revision != null) {
      revision.ports.reached(ports);
    }
  }

  /** Whether its address is its own: neither its node's nor one that no pod has. */
  boolean isAskable(Pod pod) {
    return pod.address != null && !pod.hostNetwork && mayBeAsked.test(pod.address);
  }

  /**
   * How a pod that terminates is asked.
   *
   * @param worthwhile whether clients could be sent to it, and it has any time
   */
  PlannedProbe plan(Pod pod, PodFacts facts, ProbeRules rules, boolean worthwhile) {
    ClientPorts used = endpoints.portsOf(Stream.of(pod.ref));
    ProbePlan asking = ProbePlan.of(rules.verify(), facts.containers(), used);
    Baseline met = asking == null ? null : pod.revision.met(asking);
    UnfitPath unfit = met == null || asking == null ? null : met.unfit(asking);
    if (asking != null && (met == null || !met.answers())) {
      asking = asking.connectOnly();
    }
    boolean own = isAskable(pod);
    boolean probed = worthwhile && asking != null && own && now < mostAtOnce;
    return new PlannedProbe(
        rules,
        facts.graceSeconds(),
        ServingContainers.among(facts.containers(), used.all()),
        asking,
        probedPorts(pod, used, asking, rules.verify().among(used.tcp(), facts.containers())),
        unfit,
        met,
        own,
        probed);
  }

  private ProbedPorts probedPorts(
      Pod pod, ClientPorts used, @Nullable ProbePlan asking, Set<Integer> wanted) {
    SortedMap<Integer, SortedSet<String>> services = endpoints.servicesByPort(pod.ref);
    List<ProbedPort> tried =
        asking == null
            ? List.of()
            : Stream.concat(Stream.of(asking.port()), asking.others(wanted).stream())
                .map(
                    port ->
                        new ProbedPort(
                            port,
                            services.containsKey(port)
                                ? List.copyOf(services.get(port))
                                : List.of(),
                            pod.revision.ports.isReached(port)))
                .toList();
    Set<Integer> untried = new HashSet<>(used.tcp());
    tried.forEach(port -> untried.remove(port.number()));
    boolean otherwise = used.exposed() && (used.tcp().isEmpty() || !used.others().isEmpty());
    return new ProbedPorts(tried, untried.size(), otherwise);
  }

  /** From now on the clients of a terminating pod are played, if the plan says so. */
  void start(Termination termination, WorkloadRef workload, PlannedProbe plan) {
    Pod pod = termination.pod;
    if (plan.probed() && plan.asking() != null && pod.address != null) {
      now++;
      effects.accept(
          new Effect.StartProbe(
              new ProbeTarget(
                  workload,
                  pod.revision.ref,
                  pod.ref,
                  pod.address,
                  plan.asking(),
                  plan.others(pod.address),
                  plan.met()),
              termination.course()));
    }
  }

  /** Whether a terminating pod's process runs, and no other pod has its address by now. */
  boolean mayStillAsk(Pod pod) {
    return pod.termination != null
        && !pod.termination.hasEnded()
        && pod.ref.uid().equals(podOfAddress.get(pod.address));
  }

  /** Tells how far a termination has come, if the probe plays its clients. */
  void advance(Pod pod) {
    if (pod.termination != null && pod.termination.setting.probed()) {
      effects.accept(
          mayStillAsk(pod)
              ? new Effect.ProbeAdvanced(pod.ref.uid(), pod.termination.course())
              : new Effect.StopProbe(pod.ref.uid()));
    }
  }

  /** The pod is of no interest any longer. */
  void forget(Pod pod) {
    if (pod.address != null) {
      podOfAddress.remove(pod.address, pod.ref.uid());
    }
    if (pod.termination != null && pod.termination.setting.probed()) {
      now--;
      effects.accept(new Effect.StopProbe(pod.ref.uid()));
    }
  }
}

package dev.graceful.evidence;

import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.RevisionFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known of one workload. For the thread that owns the {@link Observatory}. */
public final class WorkloadView {

  private final List<Revision> revisions;
  private final EndpointIndex endpoints;
  private final Probing probing;

  WorkloadView(List<Revision> revisions, EndpointIndex endpoints, Probing probing) {
    this.revisions = revisions;
    this.endpoints = endpoints;
    this.probing = probing;
  }

  /** Its revisions, oldest first. */
  public List<RevisionHistories> histories() {
    return revisions.stream()
        .map(Revision::histories)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparingLong(histories -> histories.facts().revision()))
        .toList();
  }

  /** The contents of the pod templates in its history. */
  public Set<String> templates() {
    return revisions.stream()
        .flatMap(revision -> Optional.ofNullable(revision.facts).stream())
        .map(RevisionFacts::template)
        .collect(Collectors.toSet());
  }

  /** The names of the Services by which clients reach any of its pods. */
  public Set<String> services() {
    return pods()
        .flatMap(pod -> endpoints.servicesOf(pod.ref).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How clients reach its pods. */
  public ClientPorts clientPorts() {
    return endpoints.portsOf(pods().map(pod -> pod.ref));
  }

  /**
   * The containers without a preStop hook that pods of its newest revision have and its template
   * does not: something adds them when a pod is created. Sorted, not more than a few.
   */
  public List<String> injected() {
    return newest().map(Revision::injected).orElse(List.of());
  }

  /** The address of a ready pod of its newest revision; empty: there is none. */
  public Optional<String> readyAddress() {
    return newest()
        .flatMap(newest -> newest.pods.values().stream().filter(this::isReady).findFirst())
        .map(pod -> pod.address);
  }

  private Optional<Revision> newest() {
    return revisions.stream().max(Comparator.comparingLong(Revision::number));
  }

  private boolean isReady(Pod pod) {
    return pod.ready && pod.termination == null && probing.isAskable(pod);
  }

  private Stream<Pod> pods() {
    return revisions.stream().flatMap(revision -> revision.pods.values().stream());
  }
}

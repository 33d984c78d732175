package dev.graceful.controller;

import dev.graceful.cluster.Ledgers;
import dev.graceful.cluster.PodTemplates;
import dev.graceful.cluster.Protections;
import dev.graceful.cluster.Templates;
import dev.graceful.facts.ReadinessAnswer;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.facts.WorkloadRef;
import dev.graceful.probe.ReadinessTrialRunner;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the reconciler of protections does outside the process, apart from publishing.
 *
 * @param readyAddress the address of a ready pod of a workload; null: it has none
 * @param asker tries a readiness probe at an address; it may wait, and does not throw
 */
record Ports(
    Ledgers ledgers,
    Templates templates,
    Function<WorkloadRef, @Nullable String> readyAddress,
    BiFunction<String, ReadinessCheck, ReadinessAnswer> asker) {

  /** To the API server, and to pods. */
  static Ports of(KubernetesClient client, ClusterWatch watch, Vertx vertx, String version) {
    return new Ports(
        new Protections(client),
        new PodTemplates(client),
        ref -> watch.evidence().ask(o -> o.workload(ref).readyAddress()).orElse(null),
        new ReadinessTrialRunner(vertx, version)::ask);
  }
}

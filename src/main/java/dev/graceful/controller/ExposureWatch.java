package dev.graceful.controller;

import dev.graceful.evidence.Event;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.Backend;
import dev.graceful.facts.BackendFacts;
import dev.graceful.facts.Exposures;
import dev.graceful.facts.RouteFacts;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches how clients reach pods: Services, Ingresses and HTTPRoutes. Of these a verdict rests on
 * the Services alone: whether one is for discovery.
 *
 * @param evidence takes what is seen of Services
 * @param changed takes the namespaces whose Deployments may be reached in another way now
 */
record ExposureWatch(
    KubernetesClient client,
    Watches watches,
    Exposures exposures,
    Consumer<Event> evidence,
    Consumer<Set<String>> changed) {

  private static final ResourceDefinitionContext HTTP_ROUTE =
      new ResourceDefinitionContext.Builder()
          .withGroup("gateway.networking.k8s.io")
          .withVersion("v1")
          .withKind("HTTPRoute")
          .withPlural("httproutes")
          .withNamespaced(true)
          .build();

  /** Returns when all that exists was listed. */
  void open() {
    watches.open(
        client.services().inAnyNamespace(),
        Service::new,
        (at, service) -> backend(at, BackendFacts.from(service)),
        (at, service, missed) -> {
          var metadata = service.getMetadata();
          backendGone(at, new Backend(metadata.getNamespace(), metadata.getName()));
        });
    watches.openBeside(
        client.network().v1().ingresses().inAnyNamespace(),
        Ingress::new,
        (at, ingress) -> changed.accept(exposures.route(RouteFacts.from(ingress))),
        (at, ingress, missed) -> changed.accept(exposures.routeGone(RouteFacts.from(ingress))));
    if (isServed(HTTP_ROUTE)) {
      watches.openBeside(
          client.genericKubernetesResources(HTTP_ROUTE).inAnyNamespace(),
          GenericKubernetesResource::new,
          (at, route) -> changed.accept(exposures.route(RouteFacts.fromHttpRoute(route))),
          (at, route, missed) ->
              changed.accept(exposures.routeGone(RouteFacts.fromHttpRoute(route))));
    }
  }

  private void backend(Tick at, BackendFacts facts) {
    evidence.accept(new Event.BackendSeen(at, facts));
    if (exposures.backend(facts)) {
      changed.accept(Set.of(facts.name().namespace()));
    }
  }

  private void backendGone(Tick at, Backend name) {
    evidence.accept(new Event.BackendGone(at, name));
    exposures.backendGone(name);
    changed.accept(Set.of(name.namespace()));
  }

  /** Asked once: a Gateway API that comes later is seen with the next start. */
  private boolean isServed(ResourceDefinitionContext kind) {
    APIResourceList served = client.getApiResources(kind.getGroup() + "/" + kind.getVersion());
    return served != null
        && served.getResources().stream().anyMatch(r -> kind.getKind().equals(r.getKind()));
  }
}

package dev.graceful.controller;

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
 * Watches how clients reach pods: Services, Ingresses and HTTPRoutes. No verdict rests on them.
 *
 * @param changed takes the namespaces whose Deployments may be reached in another way now
 */
record ExposureWatch(
    KubernetesClient client, Watches watches, Exposures exposures, Consumer<Set<String>> changed) {

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
    watches.openBeside(
        client.services().inAnyNamespace(),
        Service::new,
        (at, service) -> backend(BackendFacts.from(service)),
        (at, service, missed) -> {
          var metadata = service.getMetadata();
          exposures.backendGone(new Backend(metadata.getNamespace(), metadata.getName()));
          changed.accept(Set.of(metadata.getNamespace()));
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

  private void backend(BackendFacts facts) {
    if (exposures.backend(facts)) {
      changed.accept(Set.of(facts.name().namespace()));
    }
  }

  /** Asked once: a Gateway API that comes later is seen with the next start. */
  private boolean isServed(ResourceDefinitionContext kind) {
    APIResourceList served = client.getApiResources(kind.getGroup() + "/" + kind.getVersion());
    return served != null
        && served.getResources().stream().anyMatch(r -> kind.getKind().equals(r.getKind()));
  }
}

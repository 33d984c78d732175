package dev.graceful.controller;

import dev.graceful.evidence.Event;
import dev.graceful.evidence.Tick;
import dev.graceful.facts.Backend;
import dev.graceful.facts.BackendFacts;
import dev.graceful.facts.Exposures;
import dev.graceful.facts.RouteFacts;
import dev.graceful.facts.RouteKind;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how clients reach pods: Services, Ingresses, and the routes that are served. Of these a
 * verdict rests on the Services alone: whether one is for discovery.
 *
 * @param evidence takes what is seen of Services
 * @param changed takes the namespace whose Deployments may be reached in another way now
 */
record ExposureWatch(
    KubernetesClient client,
    Watches watches,
    Exposures exposures,
    Consumer<Event> evidence,
    Consumer<String> changed) {

  private static final Logger LOG = LoggerFactory.getLogger(ExposureWatch.class);

  /**
   * Returns when all that exists was listed. Which kinds are served and may be read is asked once:
   * one that comes later is seen with the next start.
   */
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
        (at, ingress) -> route(RouteFacts.from(ingress)),
        (at, ingress, missed) -> routeGone(RouteFacts.from(ingress)));
    Map<String, Set<String>> served = new HashMap<>();
    for (RouteKind kind : RouteKind.ALL) {
      kind.versions().stream()
          .filter(version -> served(served, kind, version).contains(kind.kind()))
          .findFirst()
          .map(version -> context(kind, version))
          .filter(this::mayBeRead)
          .ifPresent(context -> open(kind, context));
    }
  }

  private void open(RouteKind kind, ResourceDefinitionContext context) {
    watches.openBeside(
        client.genericKubernetesResources(context).inAnyNamespace(),
        GenericKubernetesResource::new,
        (at, object) -> route(RouteFacts.from(kind, object)),
        (at, object, missed) -> routeGone(RouteFacts.from(kind, object)));
  }

  private void backend(Tick at, BackendFacts facts) {
    evidence.accept(new Event.BackendSeen(at, facts));
    if (exposures.backend(facts)) {
      changed.accept(facts.name().namespace());
    }
  }

  private void backendGone(Tick at, Backend name) {
    evidence.accept(new Event.BackendGone(at, name));
    exposures.backendGone(name);
    changed.accept(name.namespace());
  }

  private void route(RouteFacts facts) {
    if (exposures.route(facts)) {
      changed.accept(facts.namespace());
    }
  }

  private void routeGone(RouteFacts facts) {
    if (exposures.routeGone(facts)) {
      changed.accept(facts.namespace());
    }
  }

  private static ResourceDefinitionContext context(RouteKind kind, String version) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(kind.group())
        .withVersion(version)
        .withKind(kind.kind())
        .withPlural(kind.plural())
        .withNamespaced(true)
        .build();
  }

  /** The kinds of a group's version. Each is asked for once. */
  private Set<String> served(Map<String, Set<String>> known, RouteKind kind, String version) {
    return known.computeIfAbsent(kind.group() + "/" + version, this::served);
  }

  private Set<String> served(String groupVersion) {
    try {
      APIResourceList served = client.getApiResources(groupVersion);
      return served == null
          ? Set.of()
          : served.getResources().stream().map(APIResource::getKind).collect(Collectors.toSet());
    } catch (KubernetesClientException e) {
      // A group whose own API server is away must not keep the operator from its work.
      LOG.warn("{} is not known until the next start: {}", groupVersion, e.getMessage());
      return Set.of();
    }
  }

  /** An informer that may not list would end the operator. */
  private boolean mayBeRead(ResourceDefinitionContext kind) {
    try {
      client
          .genericKubernetesResources(kind)
          .inAnyNamespace()
          .list(new ListOptionsBuilder().withLimit(1L).build());
      return true;
    } catch (KubernetesClientException e) {
      LOG.warn(
          "{}.{} cannot be read, so what they lead to is not known until the next start: {}",
          kind.getPlural(),
          kind.getGroup(),
          e.getMessage());
      return false;
    }
  }
}

package dev.graceful.owners;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Many Deployments of a namespace, in four layouts of containers, and what becomes of them. */
final class Fleet implements AutoCloseable {

  private static final List<String> LAYOUTS =
      List.of(
          // One container.
          """
                - name: app
                  image: registry.invalid/app:1
                  ports: [{name: http, containerPort: 8080}]
          """,
          // Two; one of them serves.
          """
                - name: log
                  image: registry.invalid/log:1
                - name: app
                  image: registry.invalid/app:1
                  ports: [{name: http, containerPort: 8080}]
          """,
          // With an init container and a native sidecar.
          """
                - name: app
                  image: registry.invalid/app:1
                  ports: [{name: http, containerPort: 8080}]
                initContainers:
                - name: migrate
                  image: registry.invalid/migrate:1
                - name: proxy
                  image: registry.invalid/proxy:1
                  restartPolicy: Always
          """,
          // Two that serve, one of them with a hook of its own.
          """
                - name: app
                  image: registry.invalid/app:1
                  ports: [{name: http, containerPort: 8080}]
                - name: admin
                  image: registry.invalid/admin:1
                  ports: [{name: admin, containerPort: 8081}]
                  lifecycle: {preStop: {exec: {command: [sleep, "3"]}}}
          """);

  private final ControlPlane plane;
  private final String namespace;
  private final int size;
  private final List<SharedIndexInformer<?>> watches = new ArrayList<>();

  private final Map<String, Long> generations = new HashMap<>();
  private final Set<String> rolling = new HashSet<>();
  private final Set<String> slept = new HashSet<>();
  private final List<String> changedInOrder = new ArrayList<>();
  private final Map<String, String> reasons = new HashMap<>();
  private int mostRolling;
  private boolean counting;
  private long changedNanos = System.nanoTime();

  private Fleet(ControlPlane plane, String namespace, int size) {
    this.plane = plane;
    this.namespace = namespace;
    this.size = size;
  }

  /** Makes them and waits until all have settled. */
  static Fleet launch(ControlPlane plane, String namespace, int size) {
    plane.createNamespace(namespace);
    var fleet = new Fleet(plane, namespace, size);
    fleet.watch();
    fleet.create();
    fleet.need(Duration.ofMinutes(20), "all Deployments settle", fleet::allSettled);
    synchronized (fleet) {
      fleet.counting = true;
    }
    return fleet;
  }

  private void create() {
    var yaml = new StringBuilder();
    for (int i = 0; i < size; i++) {
      String name = String.format(Locale.ROOT, "app-%03d", i);
      yaml.append(
          """
          apiVersion: v1
          kind: Service
          metadata: {name: %1$s}
          spec:
            selector: {app: %1$s}
            ports: [{name: http, port: 80, targetPort: 8080}%3$s]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: %1$s, labels: {tier: web}}
          spec:
            replicas: 1
            selector: {matchLabels: {app: %1$s}}
            template:
              metadata: {labels: {app: %1$s}}
              spec:
                nodeName: node
                containers:
          %2$s---
          """
              .formatted(
                  name,
                  LAYOUTS.get(i % LAYOUTS.size()),
                  i % LAYOUTS.size() == 3 ? ", {name: admin, port: 81, targetPort: 8081}" : ""));
    }
    try {
      Path file = Files.createDirectories(Path.of("build", "owners")).resolve(namespace + ".yaml");
      Files.writeString(file, yaml);
      plane.tools().need("kubectl", "apply", "--namespace", namespace, "-f", file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void watch() {
    watches.add(
        plane
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .inform(new Seen<>(this::deployment)));
    watches.add(
        plane
            .client()
            .genericKubernetesResources("graceful.dev/v1alpha1", "DeploymentProtection")
            .inNamespace(namespace)
            .inform(new Seen<>(this::protection)));
  }

  /** One watch tells of all in the order of the writes, so it shows what was rolling at once. */
  private synchronized void deployment(Deployment is) {
    String name = is.getMetadata().getName();
    Long before = generations.put(name, is.getMetadata().getGeneration());
    if (counting && before != null && before < is.getMetadata().getGeneration()) {
      changedInOrder.add(name);
    }
    if (isSettled(is)) {
      rolling.remove(name);
    } else {
      rolling.add(name);
    }
    if (counting) {
      mostRolling = Math.max(mostRolling, rolling.size());
    }
    boolean sleeps =
        is.getSpec().getTemplate().getSpec().getContainers().stream()
            .anyMatch(
                c ->
                    c.getName().equals("app")
                        && c.getLifecycle() != null
                        && c.getLifecycle().getPreStop() != null
                        && c.getLifecycle().getPreStop().getSleep() != null);
    if (sleeps) {
      slept.add(name);
    } else {
      slept.remove(name);
    }
    changed();
  }

  private static boolean isSettled(Deployment is) {
    var status = is.getStatus();
    return status != null
        && equal(status.getObservedGeneration(), is.getMetadata().getGeneration())
        && equal(status.getUpdatedReplicas(), is.getSpec().getReplicas())
        && equal(status.getReplicas(), is.getSpec().getReplicas())
        && equal(status.getAvailableReplicas(), is.getSpec().getReplicas());
  }

  private static boolean equal(@Nullable Number one, Number other) {
    return one != null && one.longValue() == other.longValue();
  }

  private synchronized void protection(GenericKubernetesResource is) {
    Namespaced.condition(is, "Programmed")
        .ifPresent(programmed -> reasons.put(is.getMetadata().getName(), programmed.reason()));
    changed();
  }

  private void changed() {
    changedNanos = System.nanoTime();
    notifyAll();
  }

  void govern(String apply) {
    plane.create(namespace, GovernedBy.policy(apply));
  }

  /** Each by its owner. */
  void rollAll() {
    plane.tools().need("kubectl", "rollout", "restart", "deployment", "--namespace", namespace);
  }

  synchronized boolean allSettled() {
    return generations.size() == size && rolling.isEmpty();
  }

  /** Whether the operator has said something of each. */
  synchronized boolean allDecided() {
    return reasons.size() == size;
  }

  synchronized boolean allProtected() {
    return slept.size() == size;
  }

  synchronized int protectedCount() {
    return slept.size();
  }

  /** How many have each reason of the condition Programmed. */
  synchronized Map<String, Long> reasons() {
    Map<String, Long> result = new HashMap<>();
    reasons.values().forEach(reason -> result.merge(reason, 1L, Long::sum));
    return result;
  }

  /** The names of those whose template was changed, in the order of the changes. */
  synchronized List<String> changedInOrder() {
    return List.copyOf(changedInOrder);
  }

  /** How many were under way at the same time, at most. */
  synchronized int mostRolling() {
    return mostRolling;
  }

  /** Waits until nothing has happened for so long. */
  void awaitQuiet(Duration quiet) {
    need(
        Duration.ofMinutes(10),
        "nothing happens for " + quiet.toSeconds() + " s",
        () -> System.nanoTime() - changedNanos >= quiet.toNanos());
  }

  synchronized void need(Duration limit, String what, BooleanSupplier condition) {
    long endNanos = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - endNanos >= 0) {
        throw new AssertionError(
            "waited %d s in vain that %s: %d of %d settled, %d protected, Programmed: %s"
                .formatted(
                    limit.toSeconds(),
                    what,
                    generations.size() - rolling.size(),
                    size,
                    slept.size(),
                    reasons()));
      }
      try {
        wait(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  @Override
  public void close() {
    watches.forEach(SharedIndexInformer::close);
    plane.tools().need("kubectl", "delete", "namespace", namespace, "--wait=true", "--timeout=10m");
  }

  private record Seen<T extends @Nullable Object>(Consumer<T> consumer)
      implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T is) {
      consumer.accept(is);
    }

    @Override
    public void onUpdate(T was, T is) {
      consumer.accept(is);
    }

    @Override
    public void onDelete(T was, boolean finalStateUnknown) {}
  }
}

package dev.graceful.owners;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graceful.owners.OperatorProcess.Histogram;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a watched pod and a governed Deployment cost the operator: its heap after a full collection
 * with 10,000 of them, minus that with none; in the process that saw them come, and in one that
 * found them there. {@code -Dheap.pods=2000} makes it shorter. The figures are in build/heap.json,
 * the classes that the differences consist of in build/heap.txt.
 */
@Tag("heap")
final class HeapIT {

  private static final int PODS = Integer.getInteger("heap.pods", 10_000);
  private static final @Nullable String COMMIT = System.getProperty("heap.commit");
  private static final int PODS_EACH = 20;
  private static final int DEPLOYMENTS = PODS / PODS_EACH;
  private static final String NAMESPACE = "heap";
  private static final long MOST_BYTES = 1_024;
  private static final long MOST_BYTES_A_DEPLOYMENT = 12 * 1_024;

  private static final ControlPlane PLANE = ControlPlane.connect("1.36");

  @AfterAll
  static void disconnect() {
    PLANE.close();
  }

  @Test
  void podsAndDeploymentsCostLittle() throws IOException {
    OperatorProcess.install(PLANE);
    PLANE.createNamespace(NAMESPACE);
    try (OperatorProcess operator = OperatorProcess.start(PLANE)) {
      Histogram empty = operator.heap();

      createDeployments();
      PLANE.create(NAMESPACE, GovernedBy.policy("Never"));
      await(Duration.ofMinutes(20), "all are governed", HeapIT::allGoverned);
      Histogram none = settled(operator);

      scale(PODS_EACH);
      await(Duration.ofMinutes(60), "all pods are ready", () -> readyPods() == PODS);
      Histogram all = settled(operator);

      write(empty, none, all, null);

      // Then it meets all at once, in another order.
      operator.killAndStartAgain();
      Histogram again = settled(operator);

      long each = (all.bytes() - none.bytes()) / PODS;
      long eachAgain = (again.bytes() - none.bytes()) / PODS;
      write(empty, none, all, again);
      assertThat(List.of(each, eachAgain))
          .as("bytes a pod, before and after a restart; see build/heap.txt")
          .allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES));
      assertThat((none.bytes() - empty.bytes()) / DEPLOYMENTS)
          .as("bytes a governed Deployment; see build/heap.txt")
          .isLessThanOrEqualTo(MOST_BYTES_A_DEPLOYMENT);
    }
  }

  private static void createDeployments() throws IOException {
    var yaml = new StringBuilder();
    for (int i = 0; i < DEPLOYMENTS; i++) {
      yaml.append(
          """
          apiVersion: v1
          kind: Service
          metadata: {name: %1$s}
          spec:
            selector: {app: %1$s}
            ports: [{name: http, port: 80, targetPort: 8080}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: %1$s, labels: {tier: web}}
          spec:
            replicas: 0
            selector: {matchLabels: {app: %1$s}}
            template:
              metadata: {labels: {app: %1$s}}
              spec:
                nodeName: node
                containers:
                - name: app
                  image: registry.invalid/app:1
                  ports: [{name: http, containerPort: 8080}]
          ---
          """
              .formatted(String.format(Locale.ROOT, "app-%03d", i)));
    }
    Path file = Files.createDirectories(Path.of("build", "owners")).resolve("heap.yaml");
    Files.writeString(file, yaml);
    PLANE.tools().need("kubectl", "apply", "--namespace", NAMESPACE, "-f", file.toString());
  }

  private static void scale(int replicas) {
    PLANE
        .tools()
        .need(
            "kubectl",
            "scale",
            "deployment",
            "--all",
            "--namespace",
            NAMESPACE,
            "--replicas=" + replicas);
  }

  private static boolean allGoverned() {
    return PLANE
            .client()
            .genericKubernetesResources("graceful.dev/v1alpha1", "DeploymentProtection")
            .inNamespace(NAMESPACE)
            .list()
            .getItems()
            .stream()
            .filter(protection -> Namespaced.condition(protection, "Programmed").isPresent())
            .count()
        == DEPLOYMENTS;
  }

  private static int readyPods() {
    return PLANE.client().apps().deployments().inNamespace(NAMESPACE).list().getItems().stream()
        .map(Deployment::getStatus)
        .map(status -> Objects.requireNonNullElse(status.getReadyReplicas(), 0))
        .mapToInt(Integer::intValue)
        .sum();
  }

  /** When it grows and shrinks no more: what was woken has been reconciled. */
  private static Histogram settled(OperatorProcess operator) {
    Histogram[] last = {operator.heap()};
    await(
        Duration.ofMinutes(20),
        "the heap stays as it is",
        () -> {
          OperatorProcess.sleep(Duration.ofSeconds(10));
          Histogram now = operator.heap();
          long difference = Math.abs(now.bytes() - last[0].bytes());
          last[0] = now;
          return difference < 64 * 1024;
        });
    return last[0];
  }

  private static void await(Duration limit, String what, BooleanSupplier condition) {
    long endNanos = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - endNanos >= 0) {
        throw new AssertionError("waited " + limit.toSeconds() + " s in vain that " + what);
      }
      OperatorProcess.sleep(Duration.ofSeconds(2));
    }
  }

  private static void write(
      Histogram empty, Histogram none, Histogram all, @Nullable Histogram again)
      throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    if (COMMIT != null) {
      figures.put("commit", COMMIT);
    }
    figures.put("date", Instant.now().toString());
    figures.put("pods", PODS);
    figures.put("deployments", DEPLOYMENTS);
    figures.put("bytesInAnEmptyCluster", empty.bytes());
    figures.put("bytesWithoutPods", none.bytes());
    figures.put("bytesWithPods", all.bytes());
    figures.put("bytesEachDeployment", (none.bytes() - empty.bytes()) / DEPLOYMENTS);
    figures.put("bytesEachPod", (all.bytes() - none.bytes()) / PODS);
    if (again != null) {
      figures.put("bytesEachPodAfterARestart", (again.bytes() - none.bytes()) / PODS);
    }
    Files.writeString(
        Path.of("build", "heap.json"),
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
    Files.write(
        Path.of("build", "heap.txt"),
        Stream.of(
                Stream.of("What all Deployments consist of:"),
                none.minus(empty).stream(),
                Stream.of("", "What all pods consist of:"),
                all.minus(none).stream())
            .flatMap(rows -> rows)
            .toList());
  }
}

package dev.graceful.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Measures what the admission policies add to an owner's write: one client, one write after the
 * other, and more and more DeploymentProtections in the namespace. The first and the last row have
 * no policies, and tell how steady the machine was meanwhile.
 */
public final class AdmissionCost {

  private static final int WARM_UP = 20;
  private static final int WRITES = 200;

  /** Fewer writes where each takes long; the row says how many. */
  private static final long MOST_NANOS = 240_000_000_000L;

  private static final Path RESULT = Path.of("build", "admission-cost.json");

  private static final String PROTECTION =
      """
      apply: OnRollout
      decision: {containers: [app], sleepSeconds: 6, terminationGracePeriodSeconds: 36}
      earlier:
      - {containers: [app], sleepSeconds: 4, terminationGracePeriodSeconds: 34}
      before: {terminationGracePeriodSeconds: 30}
      """;

  private final AdmissionCluster cluster;
  private final List<Row> rows = new ArrayList<>();
  private int serial;

  private AdmissionCost(AdmissionCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * What one kind of write took.
   *
   * @param policies how the cluster was while it was measured
   */
  private record Row(
      String write, String policies, int writes, double p50Millis, double p99Millis) {}

  /** Takes the numbers of protections as arguments; without any 1, 200 and 2,000. */
  public static void main(String[] args) throws IOException {
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    List<Integer> counts =
        args.length == 0
            ? List.of(1, 200, 2_000)
            : Arrays.stream(args).map(Integer::valueOf).toList();
    try (var cluster = new AdmissionCluster()) {
      new AdmissionCost(cluster).run(counts);
    }
    // Threads of the client would go on for ever.
    System.exit(0);
  }

  private void run(List<Integer> counts) throws IOException {
    cluster.applied(manifest("web"));
    measureUpdates("absent");
    measureCreation("absent");

    cluster.enforce();
    cluster.policy(
        "new",
        "apply: OnRollout\nselector: {matchLabels: {tier: new}}",
        "{\"protectsNewDeployments\": true, \"observedGeneration\": CURRENT}");
    cluster.protection("web", PROTECTION);
    cluster.inForce();
    measureCreation("1 GracefulPolicy");
    // The least is two, as the cluster's canary has one as well.
    for (int count : counts) {
      cluster.fillUpTo(count, "web", PROTECTION);
      cluster.inForce();
      measureUpdates(cluster.protections() + " protections");
      checkThatItWasInForce(Math.max(count, 2));
    }

    cluster.release();
    measureUpdates("absent again");
    measureCreation("absent again");
    print();
  }

  /** Or the figures would be of something else. */
  private void checkThatItWasInForce(int count) {
    if (cluster.protections() != count || cluster.observed("web").grace() != 36) {
      throw new IllegalStateException("not %d protections in force".formatted(count));
    }
  }

  private void measureUpdates(String policies) {
    measure(
        "PATCH of the template",
        policies,
        number ->
            patch(
                "{\"spec\": {\"template\": {\"metadata\": {\"annotations\": {\"n\": \"%d\"}}}}}",
                number));
    measure(
        "PATCH of the replicas",
        policies,
        number -> patch("{\"spec\": {\"replicas\": %d}}", number % 2));
  }

  private void measureCreation(String policies) {
    measure(
        "CREATE",
        policies,
        number -> {
          Deployment deployment =
              Manifest.YAML.unmarshal(manifest("new-" + number), Deployment.class);
          deployment.getMetadata().getLabels().put("tier", "new");
          cluster.client().resource(deployment).inNamespace(cluster.namespace()).create();
        });
    cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(cluster.namespace())
        .withLabel("tier", "new")
        .delete();
  }

  private void patch(String patch, int number) {
    cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(cluster.namespace())
        .withName("web")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch.formatted(number));
  }

  private void measure(String write, String policies, IntConsumer once) {
    for (int i = 0; i < WARM_UP; i++) {
      once.accept(serial++);
    }
    List<Long> nanos = new ArrayList<>();
    long begun = System.nanoTime();
    while (nanos.size() < WRITES && System.nanoTime() - begun < MOST_NANOS) {
      int number = serial++;
      long started = System.nanoTime();
      once.accept(number);
      nanos.add(System.nanoTime() - started);
    }
    nanos.sort(null);
    int writes = nanos.size();
    var row =
        new Row(
            write,
            policies,
            writes,
            millis(nanos.get(writes / 2)),
            millis(nanos.get(writes * 99 / 100)));
    rows.add(row);
    System.err.println(row);
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 10_000.0) / 100.0;
  }

  /** Paused, so that the Deployment controller makes no ReplicaSets meanwhile. */
  private static String manifest(String name) {
    return AdmissionCluster.manifest(name).replace("replicas: 0", "replicas: 0\n  paused: true");
  }

  private void print() throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%-24s %-20s %6s %8s %8s%n",
        "write",
        "policies",
        "writes",
        "p50 ms",
        "p99 ms");
    for (Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-24s %-20s %6d %8.2f %8.2f%n",
          row.write(),
          row.policies(),
          row.writes(),
          row.p50Millis(),
          row.p99Millis());
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("kubernetes", cluster.client().getKubernetesVersion().getGitVersion());
    result.put("warmUpWrites", WARM_UP);
    result.put("rows", rows);
    Files.createDirectories(RESULT.getParent());
    Files.writeString(
        RESULT,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(result));
  }
}

package dev.graceful.owners;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The operator as a process beside a control plane, where no pod really runs. All else is the
 * chart's own: RBAC, CRDs, admission policies, the account that it works as, and its environment.
 */
final class OperatorProcess implements AutoCloseable {

  private static final String NAMESPACE = "graceful-system";
  private static final String NAME = "graceful-operator";
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  /** In the user name of the operator in the audit log. */
  static final String USER = "system:serviceaccount:" + NAMESPACE + ":" + NAME;

  private final ControlPlane plane;
  private final int port;
  private final ProcessBuilder builder;
  private Process process;

  private OperatorProcess(ControlPlane plane, int port, ProcessBuilder builder, Process process) {
    this.plane = plane;
    this.port = port;
    this.builder = builder;
    this.process = process;
    // Also when the tests are interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> this.process.destroyForcibly()));
  }

  /** Installs the chart, without pods. */
  static void install(ControlPlane plane, String... settings) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "helm",
                "upgrade",
                "--install",
                NAME,
                "helm/graceful-operator",
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--reset-values",
                // No pod is made of it.
                "--set=image.repository=registry.example/graceful-operator",
                "--set=replicas=0"));
    Arrays.stream(settings).map(setting -> "--set=" + setting).forEach(command::add);
    plane.tools().need(command.toArray(String[]::new));
  }

  /** Starts it and waits until it works. */
  static OperatorProcess start(ControlPlane plane) {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException("the operator is not packaged: run make test");
    }
    // Of its own for each version, as all are in one network.
    int port = 8000 + Integer.parseInt(plane.version().substring(2));
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-jar",
            JAR.toString());
    File log = plane.log("operator").toFile();
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(environment(plane));
    builder.environment().put("KUBECONFIG", kubeconfig(plane).toAbsolutePath().toString());
    builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
    try {
      var operator = new OperatorProcess(plane, port, builder, builder.start());
      operator.awaitReady();
      return operator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the chart's Deployment gives to the container. */
  private static Map<String, String> environment(ControlPlane plane) {
    Map<String, String> result = new HashMap<>();
    for (EnvVar variable :
        plane
            .client()
            .apps()
            .deployments()
            .inNamespace(NAMESPACE)
            .withName(NAME)
            .get()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getEnv()) {
      String value =
          variable.getValueFrom() == null
              ? variable.getValue()
              : switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
                case "metadata.name" -> NAME + "-0";
                case "metadata.namespace" -> NAMESPACE;
                default -> throw new IllegalStateException("not known here: " + variable);
              };
      for (Map.Entry<String, String> earlier : result.entrySet()) {
        value = value.replace("$(" + earlier.getKey() + ")", earlier.getValue());
      }
      result.put(variable.getName(), value);
    }
    return result;
  }

  /** With a token of the operator's account, as a pod would have. */
  private static Path kubeconfig(ControlPlane plane) {
    Path file = plane.kubeconfig().resolveSibling(plane.version() + ".operator.kubeconfig");
    String token =
        plane
            .tools()
            .need("kubectl", "create", "token", NAME, "--namespace", NAMESPACE, "--duration=24h");
    var config = plane.client().getConfiguration();
    try {
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          clusters:
            - name: it
              cluster: {server: "%s", certificate-authority-data: %s}
          users:
            - name: operator
              user: {token: %s}
          contexts:
            - name: it
              context: {cluster: it, user: operator, namespace: %s}
          current-context: it
          """
              .formatted(config.getMasterUrl(), config.getCaCertData(), token, NAMESPACE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private void awaitReady() {
    long started = System.nanoTime();
    while (!(answersReady() && leads())) {
      if (!process.isAlive() || System.nanoTime() - started > Duration.ofMinutes(10).toNanos()) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "the operator did not get ready; its log is " + plane.log("operator"));
      }
      sleep(Duration.ofMillis(200));
    }
  }

  private boolean answersReady() {
    HttpResponse<String> answer = get("/q/health/ready");
    return answer != null && answer.statusCode() == 200;
  }

  /** As Prometheus would read them. */
  String metrics() {
    HttpResponse<String> answer = get("/q/metrics");
    if (answer == null || answer.statusCode() != 200) {
      throw new IllegalStateException("no metrics: " + answer);
    }
    return answer.body();
  }

  /** The sum of a metric's series. */
  static double total(String metrics, String name) {
    return Pattern.compile("(?m)^" + name + "(\\{[^}]*})? (\\S+)$")
        .matcher(metrics)
        .results()
        .mapToDouble(sample -> Double.parseDouble(sample.group(2)))
        .sum();
  }

  /**
   * The objects that live, by class.
   *
   * @param classes from the name of a class to how many there are and what they take
   */
  record Histogram(Map<String, Row> classes) {

    /** How many objects, and their bytes. */
    record Row(long count, long bytes) {}

    private static final Pattern ROW =
        Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)");

    static Histogram parse(String text) {
      Map<String, Row> classes = new HashMap<>();
      ROW.matcher(text)
          .results()
          .forEach(
              row ->
                  // Classes of one name may have several loaders.
                  classes.merge(
                      row.group(3),
                      new Row(Long.parseLong(row.group(1)), Long.parseLong(row.group(2))),
                      (a, b) -> new Row(a.count() + b.count(), a.bytes() + b.bytes())));
      return new Histogram(Map.copyOf(classes));
    }

    long bytes() {
      return classes.values().stream().mapToLong(Row::bytes).sum();
    }

    /** The forty classes that have grown most, as a table. */
    List<String> minus(Histogram before) {
      Row none = new Row(0, 0);
      Map<String, Row> grown = new HashMap<>();
      classes.forEach(
          (name, row) -> {
            Row was = before.classes.getOrDefault(name, none);
            grown.put(name, new Row(row.count() - was.count(), row.bytes() - was.bytes()));
          });
      return grown.entrySet().stream()
          .sorted(Comparator.comparingLong((Map.Entry<String, Row> e) -> -e.getValue().bytes()))
          .limit(40)
          .map(
              e ->
                  "%,12d bytes %,9d  %s"
                      .formatted(e.getValue().bytes(), e.getValue().count(), e.getKey()))
          .toList();
    }
  }

  /** What lives after a full collection. */
  Histogram heap() {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = Long.toString(process.pid());
    // Twice, as what only finalizers and reference queues still know goes with the second.
    plane.tools().need(jcmd, pid, "GC.run");
    plane.tools().need(jcmd, pid, "GC.run");
    return Histogram.parse(plane.tools().need(jcmd, pid, "GC.class_histogram"));
  }

  /** Null: it cannot be reached. */
  private @Nullable HttpResponse<String> get(String path) {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private boolean leads() {
    try {
      var lease = plane.client().leases().inNamespace(NAMESPACE).withName(NAME).get();
      return lease != null && (NAME + "-0").equals(lease.getSpec().getHolderIdentity());
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** Ends it without a chance to tidy up, and starts another in its place. */
  void killAndStartAgain() {
    try {
      process.destroyForcibly().waitFor();
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    awaitReady();
  }

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}

package dev.graceful.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Clients in pods, each with an address and a seed of its own, that send to one Service whatever
 * becomes of it. What they did is known from their raw logs, which stay under {@code build/e2e}.
 */
final class Traffic implements AutoCloseable {

  /** What all clients together send. */
  record Rate(int newPerSecond, int keepAlivePerSecond) {

    /** No clients at all. */
    static final Rate NONE = new Rate(0, 0);

    Rate twice() {
      return new Rate(2 * newPerSecond, 2 * keepAlivePerSecond);
    }

    int perSecond() {
      return newPerSecond + keepAlivePerSecond;
    }

    @Override
    public String toString() {
      return newPerSecond
          + " new connections and "
          + keepAlivePerSecond
          + " keep-alive requests a second";
    }
  }

  /** What the processors of a client's node have done since it was started. */
  record Ticks(int count, long busyTicks, long idleTicks) {

    /**
     * How many processors of the busiest node were free between two moments; infinite where the
     * nodes do not tell.
     */
    static double free(List<Ticks> before, List<Ticks> after) {
      return IntStream.range(0, Math.min(before.size(), after.size()))
          .mapToDouble(i -> after.get(i).freeSince(before.get(i)))
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }

    private double freeSince(Ticks before) {
      double idle = idleTicks - before.idleTicks;
      double all = idle + busyTicks - before.busyTicks;
      return all <= 0 ? 0 : count * idle / all;
    }
  }

  /**
   * What they send it to.
   *
   * @param url of the Service, without a path
   */
  record Target(String url, String path) {

    /** The path that takes the app a while. */
    static Target work(String url) {
      return new Target(url, "/work");
    }
  }

  private static final Path LOGS = Path.of("build", "e2e");
  private static final int CLIENTS = 4;
  private static final int CONTROL_PORT = 8090;
  private static final int KEEP_ALIVE_CONNECTIONS_PER_CLIENT = 8;

  /** Bounds of the client itself. */
  private static final int MAX_SECONDS = 21_600;

  private static final int MAX_REQUESTS = 500_000;

  private static final String SCOUT = "scout";
  private static final Rate SCOUTING = new Rate(20, 20);
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final int NOT_IMPLEMENTED = 501;

  private final KubernetesClient client;
  private final String namespace;
  private final List<String> pods;

  private Traffic(KubernetesClient client, String namespace, List<String> pods) {
    this.client = client;
    this.namespace = namespace;
    this.pods = pods;
  }

  static Traffic deploy(Cluster cluster, String namespace) {
    return deploy(cluster, namespace, CLIENTS);
  }

  static Traffic deploy(Cluster cluster, String namespace, int clients) {
    List<String> pods = IntStream.range(0, clients).mapToObj(i -> "client-" + i).toList();
    Stream.concat(pods.stream(), Stream.of(SCOUT))
        .forEach(pod -> cluster.client().resource(clientPod(namespace, pod)).create());
    return new Traffic(cluster.client(), namespace, pods);
  }

  private static Pod clientPod(String namespace, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .addToLabels("app", "client")
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName("load")
        .withImage(Cluster.image("graceful-e2e-load:1"))
        .withImagePullPolicy("IfNotPresent")
        .addNewPort()
        .withContainerPort(CONTROL_PORT)
        .endPort()
        // Under pressure the servers are to be slow rather than those who measure them.
        .withNewResources()
        .addToRequests("cpu", new Quantity("50m"))
        .endResources()
        .withNewReadinessProbe()
        .withNewHttpGet()
        .withPath("/healthz")
        .withNewPort(CONTROL_PORT)
        .endHttpGet()
        .withPeriodSeconds(1)
        .endReadinessProbe()
        .endContainer()
        .endSpec()
        .build();
  }

  void awaitReady(Progress progress) {
    progress.until(
        "the clients in " + namespace + " to be ready",
        Progress.PATIENCE,
        () ->
            Stream.concat(pods.stream(), Stream.of(SCOUT))
                .map(pod -> client.pods().inNamespace(namespace).withName(pod).get())
                .allMatch(pod -> pod != null && Readiness.isPodReady(pod)));
  }

  /**
   * Connects until nothing fails: a Service that has just been made takes kube-proxy a moment. A
   * connection that was tried in that moment leaves an entry in conntrack, and for two minutes
   * whoever comes from the same address and port runs into it. So it is not the clients that try.
   */
  void warmUp(Progress progress, Target target) {
    progress.until(
        "the Service in " + namespace + " to be reached without a failure",
        Progress.PATIENCE,
        () -> {
          start(SCOUT, target, SCOUTING, 0);
          Progress.sleep(WARM_UP);
          proxy(SCOUT).post("/stop", Map.of());
          return ClientStats.ofLog(proxy(SCOUT).get("/log")).failedCount() == 0;
        });
  }

  /**
   * Begins to send, until the run is stopped.
   *
   * @param runName names the folder of the logs
   */
  Run start(String runName, Target target, Rate rate) {
    onEachPod(
        pod -> {
          int index = pods.indexOf(pod);
          var share =
              new Rate(share(rate.newPerSecond(), index), share(rate.keepAlivePerSecond(), index));
          return start(pod, target, share, index + 1);
        });
    return new Run(runName);
  }

  private String start(String pod, Target target, Rate share, int seed) {
    return proxy(pod)
        .post(
            "/start",
            Map.of(
                "target",
                target.url(),
                "path",
                target.path(),
                "newPerSecond",
                share.newPerSecond(),
                "keepAlivePerSecond",
                share.keepAlivePerSecond(),
                "keepAliveConnections",
                KEEP_ALIVE_CONNECTIONS_PER_CLIENT,
                // Beyond the slowest answer, which takes 2 s.
                "requestTimeoutMillis",
                10_000,
                "connectTimeoutMillis",
                3_000,
                "maxSeconds",
                Math.min(MAX_SECONDS, MAX_REQUESTS / share.perSecond()),
                "seed",
                seed));
  }

  private int share(int perSecond, int index) {
    return perSecond / pods.size() + (index < perSecond % pods.size() ? 1 : 0);
  }

  private PodProxy proxy(String pod) {
    return new PodProxy(client, namespace, pod, CONTROL_PORT);
  }

  /** Takes the clients away: the node has to have room for those of others. */
  @Override
  public void close() {
    Stream.concat(pods.stream(), Stream.of(SCOUT))
        .forEach(pod -> client.pods().inNamespace(namespace).withName(pod).delete());
  }

  /** What the processors have done, of each client's node; empty where that is not told. */
  List<Ticks> ticks() {
    return onEachPod(this::ticks).stream().flatMap(Optional::stream).toList();
  }

  private Optional<Ticks> ticks(String pod) {
    try {
      return Optional.of(new ObjectMapper().readValue(proxy(pod).get("/processors"), Ticks.class));
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_IMPLEMENTED) {
        return Optional.empty();
      }
      throw e;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Clients that are sending. */
  final class Run implements Baseline.Sending {

    private final String runName;

    private Run(String runName) {
      this.runName = runName;
    }

    @Override
    public int failures() {
      return failures(EnumSet.allOf(ClientStats.Kind.class));
    }

    /** How many requests of these kinds have failed so far. */
    int failures(Set<ClientStats.Kind> kinds) {
      return onEachPod(pod -> failed(kinds, proxy(pod).get("/summary"))).stream()
          .mapToInt(Integer::intValue)
          .sum();
    }

    private static int failed(Set<ClientStats.Kind> kinds, String summary) {
      try {
        JsonNode counted = new ObjectMapper().readTree(summary);
        if (!counted.path("running").asBoolean()) {
          throw new IllegalStateException(
              "a client has come to its last request, and sees nothing");
        }
        return kinds.stream()
            .mapToInt(kind -> counted.path("kinds").path(kind.logName()).path("failed").asInt())
            .sum();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void discard() {
      onEachPod(pod -> proxy(pod).post("/stop", Map.of()));
    }

    /** Ends the run, keeps the raw logs, and counts them. */
    ClientStats stop() {
      // A client that could not send all that was due answers with an error here.
      discard();
      var tally = new ClientStats();
      onEachPod(pod -> keepLog(pod, proxy(pod).get("/log"))).forEach(tally::add);
      return tally;
    }

    private ClientStats keepLog(String pod, String log) {
      try {
        Path folder = Files.createDirectories(LOGS.resolve(runName));
        Files.writeString(folder.resolve(pod + ".tsv"), log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return ClientStats.ofLog(log);
    }
  }

  private interface Call<T> {
    T to(String pod);
  }

  /** All at once, so that no client runs longer than the others. */
  private <T> List<T> onEachPod(Call<T> call) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> calls = pods.stream().<Callable<T>>map(pod -> () -> call.to(pod)).toList();
      return executor.invokeAll(calls).stream().map(Traffic::result).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client did not do as it was told", e.getCause());
    }
  }
}

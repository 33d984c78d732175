package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pod that the operator runs in, to be ill-treated. */
final class OperatorPod {

  private static final String LABEL = "app.kubernetes.io/name";

  private static final int HTTP_PORT = 8080;

  private static final Pattern COMPLAINT = Pattern.compile(" (WARN|ERROR) |Exception");

  private final KubernetesClient client;

  OperatorPod(Cluster cluster) {
    this.client = cluster.client();
  }

  private List<Pod> pods() {
    return client
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel(LABEL, Installation.RELEASE)
        .list()
        .getItems();
  }

  private Pod only() {
    List<Pod> pods = pods();
    if (pods.size() != 1) {
      throw new IllegalStateException("there are " + pods.size() + " pods of the operator, not 1");
    }
    return pods.getFirst();
  }

  /** SIGKILL to the process where this machine runs it, and the pod deleted without any grace. */
  void kill() {
    Pod pod = only();
    if (Cluster.isOwn()) {
      process(pod).destroyForcibly();
    }
    CommandLine.run(
        "kubectl",
        "delete",
        "pod",
        pod.getMetadata().getName(),
        "-n",
        Installation.NAMESPACE,
        "--force",
        "--grace-period=0",
        "--wait=false");
  }

  /** The name of the pod that holds the lease; empty: none does. */
  String leader() {
    Lease lease =
        client.leases().inNamespace(Installation.NAMESPACE).withName(Installation.RELEASE).get();
    return lease == null ? "" : Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
  }

  /** Ends the pod that holds the lease, in good order. */
  void endLeader() {
    CommandLine.run(
        "kubectl", "delete", "pod", leader(), "-n", Installation.NAMESPACE, "--wait=false");
  }

  /** Drops what the probe sends: no pod answers to it any more. Only where this machine runs it. */
  void blind(int appPort) {
    CommandLine.run(
        "nsenter",
        "--target",
        String.valueOf(process(only()).pid()),
        "--net",
        "iptables",
        "--insert",
        "OUTPUT",
        "--protocol",
        "tcp",
        "--syn",
        "--dport",
        String.valueOf(appPort),
        "--jump",
        "DROP");
  }

  /** Warnings, errors and exceptions in its log that are about a namespace. */
  List<String> complaints(Instant since, String namespace) {
    return CommandLine.run(
            "kubectl",
            "logs",
            only().getMetadata().getName(),
            "--namespace",
            Installation.NAMESPACE,
            "--since-time=" + since)
        .lines()
        .filter(line -> line.contains(namespace))
        .filter(line -> COMPLAINT.matcher(line).find())
        .toList();
  }

  String uid() {
    return only().getMetadata().getUid();
  }

  /** What its requests come from. */
  String address() {
    return only().getStatus().getPodIP();
  }

  /** Its metrics, as Prometheus reads them. */
  String metrics() {
    return new PodProxy(client, Installation.NAMESPACE, only().getMetadata().getName(), HTTP_PORT)
        .get("/q/metrics");
  }

  /** Ends it in good order, and lets nobody take its place. */
  void stop(Progress progress) {
    scale(0);
    progress.until("the operator to be gone", Progress.PATIENCE, () -> pods().isEmpty());
  }

  /** Brings it back after it was stopped. */
  void start(Progress progress) {
    scale(1);
    progress.until(
        "the operator to be ready",
        Progress.PATIENCE,
        () -> pods().size() == 1 && Readiness.isPodReady(pods().getFirst()));
  }

  private static void scale(int replicas) {
    CommandLine.run(
        "kubectl",
        "scale",
        "deployment",
        Installation.RELEASE,
        "--namespace",
        Installation.NAMESPACE,
        "--replicas=" + replicas);
  }

  /** Whether none is on its way out, whom another has replaced. */
  boolean isAlone() {
    return pods().stream().allMatch(pod -> pod.getMetadata().getDeletionTimestamp() == null);
  }

  /** A new pod, and with it a new network. */
  void replace(Progress progress) {
    String uid = only().getMetadata().getUid();
    client
        .pods()
        .inNamespace(Installation.NAMESPACE)
        .withLabel(LABEL, Installation.RELEASE)
        .delete();
    progress.until(
        "a new pod of the operator",
        Progress.PATIENCE,
        () -> {
          List<Pod> pods = pods();
          return pods.size() == 1
              && !pods.getFirst().getMetadata().getUid().equals(uid)
              && Readiness.isPodReady(pods.getFirst());
        });
  }

  /** The container's main process: no other process of the pod is a Java machine. */
  private static ProcessHandle process(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return ProcessHandle.allProcesses()
        .filter(process -> isJavaOfPod(process, uid))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no process of the operator's pod is here"));
  }

  private static boolean isJavaOfPod(ProcessHandle process, String podUid) {
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    // Depending on the control group driver the uid is written with dashes or with underscores.
    return read(proc.resolve("comm")).filter(name -> name.strip().equals("java")).isPresent()
        && read(proc.resolve("cgroup"))
            .filter(groups -> groups.replace('_', '-').contains("pod" + podUid))
            .isPresent();
  }

  /** Empty if the process has just ended. */
  private static Optional<String> read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return Optional.of(String.join("\n", lines.toList()));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}

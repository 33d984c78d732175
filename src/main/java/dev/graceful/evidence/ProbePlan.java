package dev.graceful.evidence;

import dev.graceful.api.v1alpha1.Verify;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.facts.ClientPorts;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ProbeHeaders;
import dev.graceful.facts.ServingContainers;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a pod is asked whether it serves.
 *
 * @param port the pod's port
 * @param tls whether a handshake comes first; the certificate is not checked, as the kubelet does
 *     not
 * @param path what is requested of it; null: nothing, the connection is all
 * @param readinessPath whether the path is what its readiness probe asks
 * @param headers of its readiness probe, where the path is; else none
 */
public record ProbePlan(
    int port, boolean tls, @Nullable String path, boolean readinessPath, ProbeHeaders headers) {

  /** Without headers of the pod's own. */
  public ProbePlan(int port, boolean tls, @Nullable String path, boolean readinessPath) {
    this(port, tls, path, readinessPath, ProbeHeaders.NONE);
  }

  /** Of a pod, so many ports are connected to. */
  private static final int MOST_PORTS = 4;

  /** Whether requests are sent. */
  public boolean http() {
    return path != null;
  }

  /** Whether a pod that was asked in this way says how it answers when it is asked in the other. */
  boolean covers(ProbePlan other) {
    return port == other.port
        && tls == other.tls
        && (other.path == null || other.path.equals(path));
  }

  /** The other ports that are connected to: the lowest numbers. */
  List<Integer> others(Set<Integer> ports) {
    return ports.stream().filter(number -> number != port).sorted().limit(MOST_PORTS - 1L).toList();
  }

  /** The same without requests. */
  public ProbePlan connectOnly() {
    return new ProbePlan(port, tls, null, false);
  }

  /**
   * What a policy says of verifying.
   *
   * @param mode null: the operator decides
   * @param path null: what the readiness probe asks
   * @param port null: that of the readiness probe
   * @param ports those that are connected to; empty: all that clients use
   */
  public record VerifySpec(
      @Nullable VerifyMode mode,
      @Nullable String path,
      @Nullable IntOrString port,
      List<IntOrString> ports) {

    /** What a policy asks for; null: the operator decides all. */
    public static VerifySpec of(@Nullable Verify verify) {
      if (verify == null) {
        return new VerifySpec(null, null, null, List.of());
      }
      var http = verify.http();
      return new VerifySpec(
          verify.mode(),
          http == null ? null : http.path(),
          http == null ? null : http.port(),
          Objects.requireNonNullElse(verify.ports(), List.of()));
    }

    /**
     * Those of the ports that clients use which are connected to.
     *
     * @param containers may declare names for them
     */
    Set<Integer> among(Set<Integer> used, List<ContainerFacts> containers) {
      if (ports.isEmpty()) {
        return used;
      }
      return ports.stream()
          .flatMap(port -> Stream.ofNullable(number(port, containers)))
          .filter(used::contains)
          .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether anything is sent at all. */
    public boolean connects() {
      return mode != VerifyMode.None;
    }
  }

  /**
   * How a pod of these containers is asked. Where the policy is silent, requests are sent only
   * where the kubelet sends them already, to a port that clients use; everywhere else a connection
   * at a time is all.
   *
   * @param used the ports that clients use
   * @return null: nothing is sent
   */
  public static @Nullable ProbePlan of(
      VerifySpec verify, List<ContainerFacts> containers, ClientPorts used) {
    Set<Integer> ports = verify.among(used.tcp(), containers);
    if (!verify.connects() || ports.isEmpty()) {
      return null;
    }
    List<ContainerFacts> serving = ServingContainers.among(containers, used.all());
    int first = new TreeSet<>(ports).first();
    ContainerFacts.HttpReadiness readiness =
        serving.stream()
            .map(ContainerFacts::httpReadiness)
            .filter(r -> r != null && r.port() != null && ports.contains(r.port()))
            .findFirst()
            .orElse(null);
    Integer readinessPort = readiness == null ? null : readiness.port();
    boolean tls = readiness != null && readiness.tls();
    Integer number = verify.port() == null ? null : number(verify.port(), serving);
    int port = number != null ? number : readinessPort != null ? readinessPort : first;
    String path =
        verify.path() != null ? verify.path() : readiness == null ? null : readiness.path();
    if (verify.mode() == VerifyMode.Connect || path == null) {
      return new ProbePlan(port, tls, null, false);
    }
    var asking = new ProbePlan(port, tls, path, false);
    return readiness == null ? asking : asking.likeItsReadiness(readiness);
  }

  /** With all that its readiness probe sends, where it is the same that is asked. */
  private ProbePlan likeItsReadiness(ContainerFacts.HttpReadiness readiness) {
    Integer its = readiness.port();
    return its != null && its == port && readiness.path().equals(path)
        ? new ProbePlan(port, tls, path, true, readiness.headers())
        : this;
  }

  private static @Nullable Integer number(IntOrString port, List<ContainerFacts> containers) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return containers.stream()
        .map(c -> c.namedPorts().get(port.getStrVal()))
        .filter(n -> n != null)
        .findFirst()
        .orElse(null);
  }
}

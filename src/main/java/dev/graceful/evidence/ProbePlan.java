package dev.graceful.evidence;

import dev.graceful.api.v1alpha1.Verify;
import dev.graceful.api.v1alpha1.VerifyMode;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ProbeHeaders;
import dev.graceful.facts.ServingContainers;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

  /** Whether requests are sent. */
  public boolean http() {
    return path != null;
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
   */
  public record VerifySpec(
      @Nullable VerifyMode mode, @Nullable String path, @Nullable IntOrString port) {

    /** What a policy asks for; null: the operator decides all. */
    public static VerifySpec of(@Nullable Verify verify) {
      if (verify == null) {
        return new VerifySpec(null, null, null);
      }
      var http = verify.http();
      return new VerifySpec(
          verify.mode(), http == null ? null : http.path(), http == null ? null : http.port());
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
   * @param ports that the pod serves for an EndpointSlice; at least one
   * @return null: nothing is sent
   */
  public static @Nullable ProbePlan of(
      VerifySpec verify, List<ContainerFacts> containers, Set<Integer> ports) {
    if (!verify.connects() || ports.isEmpty()) {
      return null;
    }
    List<ContainerFacts> serving = ServingContainers.among(containers, ports);
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

  private static @Nullable Integer number(IntOrString port, List<ContainerFacts> serving) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return serving.stream()
        .map(c -> c.namedPorts().get(port.getStrVal()))
        .filter(n -> n != null)
        .findFirst()
        .orElse(null);
  }
}

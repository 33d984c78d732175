package dev.graceful.judge.hint;

import static java.util.stream.Collectors.joining;

import dev.graceful.evidence.ProbedPort;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.Verification;
import java.util.List;
import java.util.Optional;

/** Some of the ports that its Services lead to were never seen to accept a connection. */
public record PortsUnverified(List<Integer> ports) implements Hint {

  /** Where none was reached, the verdict says so. */
  public static Optional<PortsUnverified> in(Evidence evidence) {
    List<Integer> ports =
        evidence.timeline().ports().tried().stream()
            .filter(port -> !port.reached())
            .map(ProbedPort::number)
            .toList();
    return evidence.timeline().verification() != Verification.Reached || ports.isEmpty()
        ? Optional.empty()
        : Optional.of(new PortsUnverified(ports));
  }

  @Override
  public String message() {
    String which = ports.stream().map(String::valueOf).collect(joining(", "));
    return (ports.size() == 1 ? "Port " + which + " was" : "Ports " + which + " were")
        + " not verified: no connection was ever accepted there, neither by this pod nor by a ready"
        + " one before. No process listens, or a NetworkPolicy keeps the operator out.";
  }
}

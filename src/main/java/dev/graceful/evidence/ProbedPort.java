package dev.graceful.evidence;

import java.util.List;

/**
 * A TCP port of a pod that is connected to.
 *
 * @param services the names of the Services by which clients reach it, sorted; empty: the policy
 *     names it, and no EndpointSlice has it
 * @param reached whether it was ever seen to accept a connection, of this pod or of a ready one
 *     before: a refusal means something only then
 */
public record ProbedPort(int number, List<String> services, boolean reached) {

  private static final int MOST_NAMED = 3;

  /** The same, if it is reached by this too. */
  public ProbedPort orReached(boolean also) {
    return new ProbedPort(number, services, reached || also);
  }

  /** As messages name it, such as "port 8081 (Service web)". */
  public String shown() {
    if (services.isEmpty()) {
      return "port " + number;
    }
    int more = services.size() - MOST_NAMED;
    return "port "
        + number
        + (services.size() == 1 ? " (Service " : " (Services ")
        + String.join(", ", services.subList(0, Math.min(services.size(), MOST_NAMED)))
        + (more > 0 ? " and " + more + " more)" : ")");
  }
}

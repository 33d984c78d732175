package dev.graceful.judge;

import static java.util.stream.Collectors.joining;

import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.ProbedPort;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The evidence that a verdict was reached by. A verdict claims no more than that can show. */
public enum RestsOn {
  /** Requests were answered, or not. */
  Requests,
  /** Connections were accepted or refused, by the app or by a proxy before it. */
  Connections,
  /** The pod's status alone. */
  Status;

  /**
   * As the report says it, with the ports that it holds for.
   *
   * @param asked what was requested; null: nothing
   */
  public String message(@Nullable ProbedPath asked, Ports ports) {
    return switch (this) {
      case Requests -> requests(asked, ports) + untried(ports);
      case Connections -> listed("connections", ports.reached().stream()) + untried(ports);
      case Status -> "status";
    };
  }

  private static String requests(@Nullable ProbedPath asked, Ports ports) {
    if (asked == null) {
      return "requests";
    }
    ProbedPort port = ports.asked();
    String others =
        listed("", ports.reached().stream().filter(it -> port == null || !it.equals(port)));
    return "requests: GET "
        + asked.path()
        + (port == null ? "" : " on " + port.shown())
        + ", ≤ "
        + asked.usualMillis()
        + " ms"
        + (others.isEmpty() ? "" : "; connections" + others);
  }

  private static String listed(String before, Stream<ProbedPort> ports) {
    String all = ports.map(ProbedPort::shown).collect(joining(", "));
    return all.isEmpty() ? before : before + ": " + all;
  }

  private static String untried(Ports ports) {
    String more =
        switch (ports.untried()) {
          case 0 -> "";
          case 1 -> "; one more port was not tried";
          default -> "; " + ports.untried() + " more ports were not tried";
        };
    return more + (ports.otherwise() ? "; UDP and SCTP were not tested" : "");
  }
}

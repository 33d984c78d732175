package dev.graceful.judge.finding;

import dev.graceful.evidence.ConnectOutcome;
import dev.graceful.evidence.ProbedPath;
import dev.graceful.evidence.RequestFate;
import dev.graceful.judge.ConnectionAttempt;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.KeepAliveRequest;
import dev.graceful.judge.RestsOn;
import dev.graceful.judge.Seconds;
import dev.graceful.judge.Severity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * It accepted requests, and its responses were worse than usual, or did not come.
 *
 * @param atMillis when the first of them came, or of a request without a response when it was sent,
 *     in milliseconds since the deletion was seen
 */
public record FailedWhileDraining(String path, long atMillis, Why why) implements Finding {

  /** How the first of these responses was worse. */
  public enum Why {
    ClientError(
        "answered GET %s with 4xx, which it does not do otherwise",
        "Its routes were gone before its listener was. Close the listener first, wait for its"
            + " requests, then take down its routes."),
    Unavailable(
        "answered GET %s with 503",
        "A server, a framework or a proxy before the app answers so once it has begun to shut down"
            + " or has nowhere to send the request. Let it answer as usual until its listener is"
            + " closed, and close that only when no client comes any more."),
    BadGateway(
        "answered GET %s with 502 or 504",
        "A proxy answers so for an app or a helper that is gone or does not respond. What stands"
            + " behind the proxy has to end after it: a preStop sleep in both, or a native"
            + " sidecar."),
    ServerError(
        "answered GET %s with 5xx",
        "The app's log tells why. Often something that requests need (a database pool, a helper in"
            + " another container) is gone before the server is: close the server first, wait for"
            + " its requests, then close what they need."),
    NoResponse(
        "did not answer GET %s, seconds longer than that takes",
        "A listener that is open while nothing serves it does that. Serve it, or close it only when"
            + " no client comes any more.");

    private final String did;
    private final String cure;

    Why(String did, String cure) {
      this.did = did;
      this.cure = cure;
    }
  }

  public static final Check CHECK =
      new Check("FailedWhileDraining", Severity.VIOLATION, FailedWhileDraining::in);

  /** Two failures with no good response between them; one alone may be any day's. */
  static Optional<FailedWhileDraining> in(Evidence evidence) {
    ProbedPath asked = evidence.timeline().asked();
    return asked == null || !evidence.mayHaveClients()
        ? Optional.empty()
        : onFreshConnections(evidence, asked).or(() -> onKeptConnections(evidence, asked));
  }

  /** Those that could still come: after that, newcomers may be turned away. */
  private static Optional<FailedWhileDraining> onFreshConnections(
      Evidence evidence, ProbedPath asked) {
    @Nullable FailedWhileDraining first = null;
    boolean waited = false;
    boolean served = false;
    for (ConnectionAttempt attempt : evidence.timeline().connectionAttempts()) {
      Why why =
          evidence.isInTime(attempt.atMillis()) ? why(attempt.outcome(), asked, served) : null;
      if (first != null && (why != null || (waited && isNoResponse(attempt.outcome())))) {
        return Optional.of(first);
      }
      if (why != null) {
        first = new FailedWhileDraining(asked.path(), attempt.atMillis(), why);
        waited = attempt.outcome() == ConnectOutcome.Unanswered;
      } else if (attempt.outcome() == ConnectOutcome.Answered) {
        first = null;
      }
      served |= attempt.outcome().isServed();
    }
    return Optional.empty();
  }

  private static Optional<FailedWhileDraining> onKeptConnections(
      Evidence evidence, ProbedPath asked) {
    var failures =
        evidence.requests().all().stream().filter(request -> isFailure(request, asked)).toList();
    return failures.size() < 2
        ? Optional.empty()
        : Optional.of(failures.getFirst())
            .map(
                first ->
                    new FailedWhileDraining(asked.path(), first.endedMillis(), why(first.fate())));
  }

  /** Whether a request in flight got a response that counts as a failure. */
  static boolean isFailure(KeepAliveRequest request, ProbedPath asked) {
    return request.fate().isWorse() && !mayBe(request.fate().isServerError(), asked);
  }

  /** A readiness path may turn 5xx by itself, but not 4xx. */
  private static boolean mayBe(boolean serverError, ProbedPath asked) {
    return serverError && asked.readinessPath();
  }

  /**
   * What a fresh connection says.
   *
   * @param served whether the pod served one before: a packet to any other may be filtered
   */
  private static @Nullable Why why(ConnectOutcome outcome, ProbedPath asked, boolean served) {
    if (mayBe(outcome.isServerError(), asked)) {
      return null;
    }
    return switch (outcome) {
      case ClientError -> Why.ClientError;
      case Unavailable -> Why.Unavailable;
      case BadGateway -> Why.BadGateway;
      case ServerError -> Why.ServerError;
      case Unanswered -> Why.NoResponse;
      case TimedOut -> served ? Why.NoResponse : null;
      case Answered, Accepted, Reset, Refused, Unreachable -> null;
    };
  }

  private static Why why(RequestFate worse) {
    return switch (worse) {
      case ClientError -> Why.ClientError;
      case Unavailable -> Why.Unavailable;
      case BadGateway -> Why.BadGateway;
      default -> Why.ServerError;
    };
  }

  /** Whether nothing served the listener any more: such an end of the pod takes no time back. */
  private static boolean isNoResponse(ConnectOutcome outcome) {
    return switch (outcome) {
      case Unanswered, Reset, Refused -> true;
      case Answered,
          ClientError,
          Unavailable,
          BadGateway,
          ServerError,
          Accepted,
          TimedOut,
          Unreachable ->
          false;
    };
  }

  @Override
  public Check check() {
    return CHECK;
  }

  @Override
  public RestsOn restsOn(Evidence evidence) {
    return RestsOn.Requests;
  }

  @Override
  public String message() {
    return "It still took requests and "
        + why.did.formatted(path)
        + ", first "
        + Seconds.of(atMillis)
        + " after its deletion. "
        + why.cure;
  }
}

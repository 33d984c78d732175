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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * It accepted requests, and its responses were worse than usual.
 *
 * @param atMillis when the first of them came, in milliseconds since the deletion was seen
 */
public record FailedWhileDraining(String path, long atMillis, Why why) implements Finding {

  /** How the first of these responses was worse. */
  public enum Why {
    /** A 4xx, where the usual status is below 400. */
    ClientError,
    /** A 5xx. */
    ServerError
  }

  public static final Check CHECK =
      new Check("FailedWhileDraining", Severity.VIOLATION, FailedWhileDraining::in);

  /** Two failures with no good response between them; one alone may be any day's. */
  static Optional<FailedWhileDraining> in(Evidence evidence) {
    ProbedPath asked = evidence.timeline().asked();
    return asked == null || !evidence.mayHaveClients()
        ? Optional.empty()
        : onFreshConnections(evidence.timeline().connectionAttempts(), asked)
            .or(() -> onKeptConnections(evidence.requests().all(), asked));
  }

  private static Optional<FailedWhileDraining> onFreshConnections(
      List<ConnectionAttempt> connectionAttempts, ProbedPath asked) {
    @Nullable FailedWhileDraining first = null;
    for (ConnectionAttempt attempt : connectionAttempts) {
      Why why = why(attempt.outcome(), asked);
      if (why != null && first != null) {
        return Optional.of(first);
      }
      if (why != null) {
        first = new FailedWhileDraining(asked.path(), attempt.atMillis(), why);
      } else if (attempt.outcome() == ConnectOutcome.Answered) {
        first = null;
      }
    }
    return Optional.empty();
  }

  private static Optional<FailedWhileDraining> onKeptConnections(
      List<KeepAliveRequest> requests, ProbedPath asked) {
    List<FailedWhileDraining> failures = new ArrayList<>();
    for (KeepAliveRequest request : requests) {
      Why why = why(request.fate(), asked);
      if (why != null) {
        failures.add(new FailedWhileDraining(asked.path(), request.endedMillis(), why));
      }
    }
    return failures.size() < 2 ? Optional.empty() : Optional.of(failures.getFirst());
  }

  /** Whether a request on a kept connection got a response that counts as a failure. */
  static boolean isFailure(KeepAliveRequest request, ProbedPath asked) {
    return why(request.fate(), asked) != null;
  }

  private static @Nullable Why why(ConnectOutcome outcome, ProbedPath asked) {
    return switch (outcome) {
      case ClientError -> Why.ClientError;
      case ServerError -> serverError(asked);
      case Answered, Accepted, Reset, Refused, TimedOut, Unreachable -> null;
    };
  }

  private static @Nullable Why why(RequestFate fate, ProbedPath asked) {
    return switch (fate) {
      case ClientError -> Why.ClientError;
      case ServerError -> serverError(asked);
      case Answered, AnsweredClosing, Cut, Reset, LetGo, ClosedIdle, NotConnected -> null;
    };
  }

  /** A readiness path may turn 5xx by itself, but not 4xx. */
  private static @Nullable Why serverError(ProbedPath asked) {
    return asked.readinessPath() ? null : Why.ServerError;
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
    return "It still took requests and answered GET "
        + path
        + switch (why) {
          case ClientError -> " with 4xx, which it does not do otherwise, first ";
          case ServerError -> " with 5xx, first ";
        }
        + Seconds.of(atMillis)
        + " after its deletion: something that requests need (a route, a database pool, a"
        + " helper in another container) was gone before the server was. Close the server"
        + " first, wait for its requests, then close what they need.";
  }
}

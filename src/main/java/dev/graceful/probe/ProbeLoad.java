package dev.graceful.probe;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What the probe costs others, since the operator started. Thread-safe. */
public final class ProbeLoad {

  /** Who asks. */
  public enum Client {
    /** Meets a ready pod, once a revision. */
    Baseline,
    /** Has not heard yet that the pod is leaving. */
    Lagging,
    /** Has a request under way when SIGTERM comes. */
    InFlight,
    /** Has had its answer, and keeps its connection. */
    Idle
  }

  private final Map<Client, LongAdder> sent =
      Arrays.stream(Client.values())
          .collect(Collectors.toUnmodifiableMap(client -> client, client -> new LongAdder()));

  /** Another try is about to be made: a request, or a connection that nothing is asked on. */
  void counts(Client client) {
    of(client).increment();
  }

  /** How many tries such clients have made. */
  public long sent(Client client) {
    return of(client).sum();
  }

  private LongAdder of(Client client) {
    return Objects.requireNonNull(sent.get(client));
  }
}

package dev.graceful.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Totals of requests, computed from raw logs and from nothing else. */
final class ClientStats {

  /** The kinds of requests, as the log names them. */
  enum Kind {
    NEW("new"),
    KEEP_ALIVE("keepAlive");

    private final String logName;

    Kind(String logName) {
      this.logName = logName;
    }

    String logName() {
      return logName;
    }

    private static Kind ofLogName(String name) {
      return Arrays.stream(values())
          .filter(kind -> kind.logName.equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no kind of request: " + name));
    }
  }

  /**
   * A request that failed.
   *
   * @param atUnixMillis when it was to be sent
   */
  record Failure(Kind kind, String outcome, long atUnixMillis) {

    /** Whether it is of a connection that no one took. */
    boolean isNotTaken() {
      return kind == Kind.NEW && NOT_TAKEN.contains(outcome);
    }
  }

  private static final String OK = "ok";
  private static final Set<String> NOT_TAKEN = Set.of("refused", "unreachable", "connectTimeout");

  private final Map<Kind, Integer> requests = new EnumMap<>(Kind.class);
  private final List<Failure> failures = new ArrayList<>();
  private long latestMicros;

  ClientStats() {
    for (Kind kind : Kind.values()) {
      requests.put(kind, 0);
    }
  }

  /** Counts the lines of one log. */
  static ClientStats ofLog(String tabSeparated) {
    List<String> lines = tabSeparated.lines().toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("a log without its header line");
    }
    List<String> columns = List.of(lines.getFirst().split("\t", -1));
    int kindColumn = column(columns, "kind");
    int outcomeColumn = column(columns, "outcome");
    int lateColumn = column(columns, "lateMicros");
    int scheduledColumn = column(columns, "scheduledUnixMicros");
    var tally = new ClientStats();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split("\t", -1);
      if (fields.length != columns.size()) {
        throw new IllegalArgumentException("not a whole line of the log: " + line);
      }
      Kind kind = Kind.ofLogName(fields[kindColumn]);
      tally.requests.merge(kind, 1, Integer::sum);
      if (!fields[outcomeColumn].equals(OK)) {
        long atMicros = Long.parseLong(fields[scheduledColumn]);
        tally.failures.add(new Failure(kind, fields[outcomeColumn], atMicros / 1_000));
      }
      tally.latestMicros = Math.max(tally.latestMicros, Long.parseLong(fields[lateColumn]));
    }
    return tally;
  }

  private static int column(List<String> columns, String name) {
    int index = columns.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("the log has no column " + name + " in " + columns);
    }
    return index;
  }

  void add(ClientStats other) {
    for (Kind kind : Kind.values()) {
      requests.merge(kind, other.requests(kind), Integer::sum);
    }
    failures.addAll(other.failures);
    latestMicros = Math.max(latestMicros, other.latestMicros);
  }

  int requests(Kind kind) {
    return requests.getOrDefault(kind, 0);
  }

  int requests() {
    return requests(Kind.NEW) + requests(Kind.KEEP_ALIVE);
  }

  /** Failed requests by what happened to them. */
  Map<String, Integer> failed(Kind kind) {
    return failures.stream()
        .filter(failure -> failure.kind() == kind)
        .collect(Collectors.toMap(Failure::outcome, _ -> 1, Integer::sum, TreeMap::new));
  }

  int failedCount(Kind kind) {
    return (int) failures.stream().filter(failure -> failure.kind() == kind).count();
  }

  /** The connections that no one took. */
  List<Failure> notTaken() {
    return failures.stream().filter(Failure::isNotTaken).toList();
  }

  int failedCount() {
    return failures.size();
  }

  /** How late the clients themselves sent at worst: their own stall, never the server's. */
  long latestMillis() {
    return latestMicros / 1_000;
  }

  /** As {@code 98 (90 refused, 8 connectTimeout)}. */
  String failedInWords(Kind kind) {
    int count = failedCount(kind);
    if (count == 0) {
      return "0";
    }
    return failed(kind).entrySet().stream()
        .map(failure -> failure.getValue() + " " + failure.getKey())
        .collect(Collectors.joining(", ", count + " (", ")"));
  }

  /** As {@code 3 of 20,000 (new 3 (3 connectTimeout), keep-alive 0)}. */
  String failedInWords() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d requests (new %s, keep-alive %s)",
        failedCount(),
        requests(),
        failedInWords(Kind.NEW),
        failedInWords(Kind.KEEP_ALIVE));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d requests, failed new %s, failed keep-alive %s",
        requests(),
        failedInWords(Kind.NEW),
        failedInWords(Kind.KEEP_ALIVE));
  }
}

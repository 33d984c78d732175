package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The operator's verdict on every labelled case agrees with what the case's clients counted. The
 * cases go side by side; the rows are in {@code build/verdicts.json}.
 *
 * <p>Without {@code verdicts.all} the cases are left out that another one stands for. {@code make
 * evidence} runs each case several times, and with them a long series that is graceful by design;
 * what is done already is kept.
 */
@ExtendWith(OperatorExtension.class)
final class VerdictsIT {

  /** How often each case is run. */
  private static final int RUNS = Integer.getInteger("verdicts.runs", 1);

  /** How often each case of the long series is run. */
  private static final int SERIES_RUNS = Integer.getInteger("verdicts.series", 0);

  private static final Path BUILD = Path.of("build");

  /** Where the rows are kept; those that are there are not run again. */
  private static final Path FOLDER =
      Optional.ofNullable(System.getProperty("verdicts.folder"))
          .map(Path::of)
          .orElse(BUILD.resolve("e2e").resolve("verdicts-" + ProcessHandle.current().pid()));

  /** Where {@code verdicts.json} and {@code summary.json} go. */
  private static final Path RESULT =
      Optional.ofNullable(System.getProperty("verdicts.result")).map(Path::of).orElse(BUILD);

  /** What comes side by side at most; less where the machine bears less. */
  private static final int MOST_LANES = Integer.getInteger("verdicts.lanes", 3);

  /** Names of cases, separated by commas; empty: all. */
  private static final String ONLY = System.getProperty("verdicts.only", "");

  /** Whether also the cases are run that another stands for. */
  private static final boolean ALL = Boolean.getBoolean("verdicts.all");

  private static final int CLIENTS = 2;

  /** Of what is graceful by design. */
  private static final double LEAST_GRACEFUL = 0.95;

  private static final double MOST_INCONCLUSIVE = 0.01;

  private static final double P50_SECONDS = 0.25;
  private static final double P99_SECONDS = 1;

  /** A case, and the how-manieth time. */
  private record Planned(Case labelled, int number) {

    String name() {
      return labelled.name() + "." + number;
    }

    boolean goesBesideOthers() {
      return labelled.deed().isHarmlessToOthers();
    }
  }

  private final Suite suite;
  private final Rows rows = new Rows(FOLDER);
  private final Latencies latencies = new Latencies(FOLDER);
  private final List<DynamicTest> broken = new ArrayList<>();

  VerdictsIT(Suite suite) {
    this.suite = suite;
  }

  @TestFactory
  Stream<DynamicTest> verdictAgreesWithTheClients() {
    List<Case> cases = Cases.all(Database.deploy(suite.cluster(), "e2e-database"));
    List<Planned> planned =
        Stream.concat(plan(cases, RUNS), plan(Cases.good(), SERIES_RUNS)).toList();
    List<Planned> due =
        planned.stream().filter(each -> rows.outcome(each.name()).isEmpty()).toList();
    int lanes = Math.min(MOST_LANES, suite.capacity().lanes());
    suite
        .progress()
        .say("%d of %d runs are due, %d side by side".formatted(due.size(), planned.size(), lanes));
    Traffic.Run control = suite.control().start("verdicts", Case.LIGHT);
    sideBySide(due, Planned::goesBesideOthers, lanes, control);
    sideBySide(due, each -> !each.goesBesideOthers(), 1, control);
    suite.progress().say("control: " + control.stop());

    List<CaseRun.Outcome> all = rows.all();
    Optional<Latency> latency = latencies.sum();
    Rows.write(RESULT.resolve("verdicts.json"), all.stream().map(CaseRun.Outcome::row).toList());
    var summary = Summary.of(all, names(Cases.good()), latency);
    Rows.write(RESULT.resolve("summary.json"), summary);
    return Stream.of(
            planned.stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> check(each))),
            broken.stream(),
            // Shares, and how long things take, are a matter of the long runs, on a machine that
            // does nothing else.
            SERIES_RUNS == 0
                ? Stream.<DynamicTest>empty()
                : Stream.of(
                    DynamicTest.dynamicTest("series", () -> check(summary)),
                    DynamicTest.dynamicTest("latency", () -> check(latency.orElseThrow()))))
        .flatMap(tests -> tests);
  }

  private static Stream<Planned> plan(List<Case> cases, int runs) {
    Set<String> only = Set.of(ONLY.split(","));
    return IntStream.rangeClosed(1, runs)
        .boxed()
        .flatMap(number -> cases.stream().map(each -> new Planned(each, number)))
        .filter(
            each ->
                ONLY.isEmpty()
                    ? ALL || each.labelled().standsForItself()
                    : only.contains(each.labelled().name()))
        .filter(each -> Cluster.isOwn() || each.goesBesideOthers());
  }

  private static Set<String> names(List<Case> cases) {
    return cases.stream().map(Case::name).collect(Collectors.toSet());
  }

  private void check(Planned planned) {
    CaseRun.Outcome outcome =
        rows.outcome(planned.name())
            .orElseThrow(() -> new AssertionError(planned.name() + ": it came to no verdict"));
    assumeFalse(
        outcome.row().isVoid(), () -> planned.name() + " is void: the control failed meanwhile");
    assertThat(outcome.row().agrees()).as(outcome.told()).isTrue();
  }

  private static void check(Summary summary) {
    Summary.ByDesign good = summary.gracefulByDesign();
    assertThat(good.gracefulShare()).isGreaterThanOrEqualTo(LEAST_GRACEFUL);
    assertThat(good.violations()).isZero();
    assertThat(good.inconclusiveShare()).isLessThanOrEqualTo(MOST_INCONCLUSIVE);
    assertThat(summary.runsThatWereVoid()).isLessThanOrEqualTo(Runs.limit(summary.runs()));
  }

  private static void check(Latency latency) {
    assertThat(latency.seconds(0.5))
        .as("p50 of %d", latency.verdicts())
        .isLessThanOrEqualTo(P50_SECONDS);
    assertThat(latency.seconds(0.99))
        .as("p99 of %d", latency.verdicts())
        .isLessThanOrEqualTo(P99_SECONDS);
  }

  /** In lanes, each with clients of its own; what breaks one case ends no other. */
  private void sideBySide(
      List<Planned> due, Predicate<Planned> which, int lanes, Traffic.Run control) {
    Queue<Planned> queue = new ConcurrentLinkedQueue<>(due.stream().filter(which).toList());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> futures =
          IntStream.range(0, Math.min(lanes, queue.size()))
              .<Future<?>>mapToObj(lane -> executor.submit(() -> goThrough(queue, lane, control)))
              .toList();
      futures.forEach(VerdictsIT::await);
    }
  }

  private void goThrough(Queue<Planned> queue, int lane, Traffic.Run control) {
    String namespace = "e2e-lane-" + lane;
    suite.cluster().createNamespace(namespace);
    Traffic traffic = Traffic.deploy(suite.cluster(), namespace, CLIENTS);
    traffic.awaitReady(suite.progress());
    for (Planned next = queue.poll(); next != null; next = queue.poll()) {
      try {
        rows.keep(next.name(), run(next, traffic, control));
        latencies.keep(suite.operatorPod());
      } catch (RuntimeException e) {
        suite.progress().say("  " + next.name() + " BROKE: " + e.getMessage());
        fail(next.name() + " broke", e);
      }
    }
  }

  private CaseRun.Outcome run(Planned planned, Traffic traffic, Traffic.Run control) {
    CaseRun.Outcome outcome =
        new CaseRun(suite.cluster(), suite.progress(), planned.labelled(), planned.number())
            .with(traffic, control);
    suite.count(planned.name(), outcome.row().failuresOfControl());
    return outcome;
  }

  private synchronized void fail(String name, RuntimeException e) {
    broken.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              throw e;
            }));
  }

  private static void await(Future<?> lane) {
    try {
      lane.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a lane broke", e.getCause());
    }
  }

  /** What the operator's processes measured, each kept under its pod's uid. */
  private record Latencies(Path folder) {

    private static final String ENDING = ".latency.json";

    void keep(OperatorPod operator) {
      Latency.of(operator.metrics())
          .ifPresent(each -> Rows.write(folder.resolve(operator.uid() + ENDING), each));
    }

    Optional<Latency> sum() {
      try (Stream<Path> files = Files.list(folder)) {
        List<Latency> each =
            files.filter(file -> file.toString().endsWith(ENDING)).map(Latencies::read).toList();
        return each.isEmpty() ? Optional.empty() : Optional.of(Latency.sum(each));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Latency read(Path file) {
      try {
        return Rows.JSON.readValue(file.toFile(), Latency.class);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

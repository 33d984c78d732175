package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The operator's verdict on every labelled case agrees with what the case's clients counted. The
 * cases go side by side; the rows are in {@code build/verdicts.json}.
 */
@ExtendWith(OperatorExtension.class)
final class VerdictsIT {

  /** One row a case here; the long series wants more of them, and keeps them. */
  private static final int RUNS = Integer.getInteger("verdicts.runs", 1);

  private static final Path FOLDER =
      Path.of(
          System.getProperty(
              "verdicts.folder", "build/e2e/verdicts-" + ProcessHandle.current().pid()));
  private static final Path RESULT =
      Path.of(System.getProperty("verdicts.result", "build/verdicts.json"));

  /** What comes side by side; more of them would be late, and prove less. */
  private static final int LANES = Integer.getInteger("verdicts.lanes", 4);

  private static final int CLIENTS = 2;

  /** Names of cases, separated by commas; empty: all. */
  private static final String ONLY = System.getProperty("verdicts.only", "");

  private record Planned(Case labelled, int number) {}

  private final Suite suite;
  private final Rows rows = new Rows(FOLDER);

  VerdictsIT(Suite suite) {
    this.suite = suite;
  }

  @TestFactory
  Stream<DynamicTest> verdictAgreesWithTheClients() {
    List<Planned> planned =
        IntStream.rangeClosed(1, RUNS)
            .boxed()
            .flatMap(number -> cases().map(each -> new Planned(each, number)))
            .toList();
    List<Planned> due =
        planned.stream()
            .filter(each -> rows.row(each.labelled().name(), each.number()).isEmpty())
            .toList();
    suite.progress().say("%d runs of %d cases are due".formatted(due.size(), cases().count()));
    List<Throwable> broken = new ArrayList<>();
    suite
        .control()
        .beside(
            "verdicts",
            Case.LIGHT,
            () -> {
              broken.addAll(
                  sideBySide(due.stream().filter(VerdictsIT::goesBesideOthers).toList(), LANES));
              broken.addAll(
                  sideBySide(due.stream().filter(each -> !goesBesideOthers(each)).toList(), 1));
              return broken;
            });
    rows.joinInto(RESULT);
    return Stream.concat(
        planned.stream()
            .map(
                each ->
                    DynamicTest.dynamicTest(
                        each.labelled().name() + " " + each.number(), () -> assertAgrees(each))),
        broken.stream()
            .map(
                each ->
                    DynamicTest.dynamicTest(
                        Objects.requireNonNullElse(each.getMessage(), "broken"),
                        () -> {
                          throw each;
                        })));
  }

  private static Stream<Case> cases() {
    List<String> only = ONLY.isEmpty() ? List.of() : List.of(ONLY.split(","));
    return Cases.all().stream()
        .filter(each -> only.isEmpty() || only.contains(each.name()))
        .filter(each -> Cluster.isOwn() || each.deed().isHarmlessToOthers());
  }

  private static boolean goesBesideOthers(Planned planned) {
    return planned.labelled().deed().isHarmlessToOthers();
  }

  private void assertAgrees(Planned planned) {
    String name = planned.labelled().name();
    Row row = rows.row(name, planned.number()).orElseThrow(() -> new AssertionError("no verdict"));
    assertThat(row.agrees()).as(rows.told(name, planned.number())).isTrue();
  }

  /** In lanes, each with clients of its own; what breaks one case ends no other. */
  private List<Throwable> sideBySide(List<Planned> due, int lanes) {
    Queue<Planned> queue = new ConcurrentLinkedQueue<>(due);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Throwable>>> futures =
          IntStream.range(0, Math.min(lanes, due.size()))
              .mapToObj(lane -> executor.submit(() -> goThrough(queue, lane)))
              .toList();
      return futures.stream().flatMap(future -> result(future).stream()).toList();
    }
  }

  private List<Throwable> goThrough(Queue<Planned> queue, int lane) {
    String namespace = "e2e-lane-" + lane;
    suite.cluster().createNamespace(namespace);
    Traffic traffic = Traffic.deploy(suite.cluster(), namespace, CLIENTS);
    traffic.awaitReady(suite.progress());
    List<Throwable> broken = new ArrayList<>();
    for (Planned next = queue.poll(); next != null; next = queue.poll()) {
      try {
        var run = new CaseRun(suite.cluster(), suite.progress(), next.labelled(), next.number());
        rows.keep(next.number(), run.with(traffic));
      } catch (RuntimeException e) {
        suite.progress().say("  " + next.labelled() + " BROKE: " + e.getMessage());
        broken.add(new IllegalStateException(next.labelled() + " broke: " + e.getMessage(), e));
      }
    }
    return broken;
  }

  private static List<Throwable> result(Future<List<Throwable>> lane) {
    try {
      return lane.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(e);
    } catch (ExecutionException e) {
      return List.of(e.getCause());
    }
  }
}

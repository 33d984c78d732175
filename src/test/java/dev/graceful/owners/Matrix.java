package dev.graceful.owners;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graceful.owners.Trial.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/** All owners, all actions, all control planes. */
final class Matrix {

  /** Most of the time of each is spent waiting for nothing to happen. */
  private static final int AT_ONCE = 30;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final Pattern only = Pattern.compile(System.getProperty("owners.only", ""));
  private final List<ControlPlane> planes;

  Matrix(List<ControlPlane> planes) {
    this.planes = planes;
  }

  List<Row> run() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Row>> rows = new ArrayList<>();
      // The one that takes longest first.
      List<Action> actions =
          Arrays.stream(Action.values()).sorted(Comparator.reverseOrder()).toList();
      for (Action action : actions) {
        for (Owner owner : Owner.values()) {
          if (action.isFor(owner)) {
            addRows(threads, rows, owner, action);
          }
        }
      }
      List<Row> result = new ArrayList<>();
      long started = System.nanoTime();
      for (Future<Row> row : rows) {
        result.add(get(row));
        if (result.size() % 20 == 0) {
          System.out.printf(
              "%4d s  %d of %d rows, %d of them ok%n",
              (System.nanoTime() - started) / 1_000_000_000,
              result.size(),
              rows.size(),
              result.stream().filter(Row::ok).count());
        }
      }
      result.sort(
          Comparator.comparingInt((Row row) -> order(row.admission(), List.of("with", "without")))
              .thenComparingInt(
                  row ->
                      order(row.owner(), Arrays.stream(Owner.values()).map(Owner::words).toList()))
              .thenComparingInt(
                  row ->
                      order(
                          row.action(),
                          Arrays.stream(Action.values()).map(Action::words).toList())));
      return result;
    }
  }

  private static int order(String name, List<String> names) {
    return names.indexOf(name);
  }

  private void addRows(
      ExecutorService threads, List<Future<Row>> rows, Owner owner, Action action) {
    List<ControlPlane> asked =
        planes.stream()
            .filter(
                plane ->
                    only.matcher(owner.words() + "/" + action.words() + "/" + admission(plane))
                        .find())
            .toList();
    if (asked.isEmpty()) {
      return;
    }
    Future<Outcome> alone =
        threads.submit(inTurn(() -> Trial.run(asked.getLast(), owner, action, false)));
    for (ControlPlane plane : asked) {
      Future<Outcome> governed =
          threads.submit(inTurn(() -> Trial.run(plane, owner, action, true)));
      rows.add(
          threads.submit(() -> row(owner, action, admission(plane), get(governed), get(alone))));
    }
  }

  private <T> Callable<T> inTurn(Callable<T> task) {
    return () -> {
      turns.acquire();
      try {
        return task.call();
      } finally {
        turns.release();
      }
    };
  }

  private static String admission(ControlPlane plane) {
    return plane.hasMutatingAdmission() ? "with" : "without";
  }

  private static Row row(
      Owner owner, Action action, String admission, Outcome governed, Outcome alone) {
    List<String> faults = new ArrayList<>(governed.faults());
    alone.faults().forEach(fault -> faults.add("without any policy: " + fault));
    int beyond = Math.max(0, governed.ended() - alone.ended());
    if (faults.isEmpty() && governed.revisions() != alone.revisions()) {
      faults.add(
          "it took %d revisions, %d without any policy"
              .formatted(governed.revisions(), alone.revisions()));
    }
    if (faults.isEmpty() && beyond > 0) {
      faults.add(
          "it ended %d pods, %d without any policy".formatted(governed.ended(), alone.ended()));
    }
    return new Row(
        owner.words(),
        action.words(),
        admission,
        faults.isEmpty(),
        String.join("; ", faults),
        governed.revisions(),
        governed.restarts(),
        beyond,
        governed.protectedAfter());
  }

  /** One row a line. */
  static void write(List<Row> rows, Path file) {
    try {
      List<String> lines = new ArrayList<>();
      for (Row row : rows) {
        lines.add("  " + JSON.writeValueAsString(row));
      }
      Files.createDirectories(file.getParent());
      Files.writeString(file, "[\n" + String.join(",\n", lines) + "\n]\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}

package dev.graceful.owners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.owners.Prices.Price;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever owners do with whatever tool goes on working under {@code apply: OnRollout}, and no pod
 * is restarted that the owner does not restart. Writes build/owners.json, a row for each owner,
 * action and control plane. {@code -Downers.only=REGEX} runs those whose {@code
 * owner/action/admission} matches.
 */
@Tag("control-planes")
final class OwnersIT {

  private static final Path REPORT = Path.of("build", "owners.json");

  private static final List<AutoCloseable> STARTED = new ArrayList<>();
  private static List<Row> rows = List.of();

  @BeforeAll
  static void everythingIsDone() {
    List<ControlPlane> planes = new ArrayList<>();
    for (String version : List.of("1.36", "1.34")) {
      ControlPlane plane = ControlPlane.connect(version);
      planes.add(plane);
      STARTED.addFirst(plane);
      OperatorProcess.install(plane);
      plane.watch();
      STARTED.addFirst(OperatorProcess.start(plane));
    }
    planes.stream().filter(ControlPlane::hasMutatingAdmission).forEach(OwnersIT::awaitAdmission);
    rows = new Matrix(planes).run();
    Matrix.write(rows, REPORT);
  }

  /** An admission policy takes effect some time after it was made, its parameters' kind too. */
  private static void awaitAdmission(ControlPlane plane) {
    String namespace = "warming-up";
    plane.createNamespace(namespace);
    plane.create(namespace, GovernedBy.policy("OnRollout"));
    long started = System.nanoTime();
    while (System.nanoTime() - started < Duration.ofMinutes(5).toNanos()) {
      OperatorProcess.sleep(Duration.ofSeconds(2));
      Path folder = Path.of("build", "owners", plane.version(), namespace);
      Owner.APPLY.create(plane.tools(), namespace, folder, Wanted.first());
      boolean isProtected =
          plane
              .tools()
              .need("kubectl", "get", "deployment", Wanted.NAME, "--namespace", namespace, "-ojson")
              .contains("\"sleep\"");
      plane.tools().need("kubectl", "delete", "deployment", Wanted.NAME, "--namespace", namespace);
      if (isProtected) {
        return;
      }
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : STARTED) {
      each.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> rowsAreAsTheyShouldBe() {
    return rows.stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.owner() + ", " + row.action() + ", " + row.admission() + " admission",
                    () -> check(row)));
  }

  private static void check(Row row) {
    Optional<Price> price =
        Prices.of(
            find(Owner.values(), row.owner()),
            find(Action.values(), row.action()),
            row.admission().equals("with"));
    if (price.isEmpty()) {
      assertThat(row).matches(Row::ok, "is ok");
    } else {
      assertThat(row)
          .matches(price.get()::isPaidBy, "has the price of no admission: " + price.get());
    }
  }

  private static Owner find(Owner[] owners, String words) {
    return Arrays.stream(owners).filter(o -> o.words().equals(words)).findFirst().orElseThrow();
  }

  private static Action find(Action[] actions, String words) {
    return Arrays.stream(actions).filter(a -> a.words().equals(words)).findFirst().orElseThrow();
  }
}

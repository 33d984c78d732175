package dev.graceful;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.graceful.api.v1alpha1.HttpGetAction;
import dev.graceful.api.v1alpha1.VerifyHttp;
import dev.graceful.evidence.ProbePlan;
import dev.graceful.facts.ContainerFacts;
import dev.graceful.facts.ReadinessCheck;
import dev.graceful.judge.Judge;
import dev.graceful.judge.Timeline;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls between the rooms. */
class ArchitectureTest {

  private static final String ROOT = "dev.graceful";

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /** From each room to those that it may know; data goes one way through them. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          entry("api", Set.of()),
          entry("config", Set.of()),
          entry("facts", Set.of("api")),
          entry("evidence", Set.of("api", "facts")),
          entry("template", Set.of("api", "facts")),
          entry("judge", Set.of("facts", "evidence")),
          entry("report", Set.of("api", "facts", "template", "judge")),
          entry("rollout", Set.of("api", "facts", "template", "report")),
          entry("cluster", Set.of("api", "facts", "template", "judge", "report", "config")),
          entry("http", Set.of()),
          entry("probe", Set.of("facts", "evidence", "http")),
          entry("telemetry", Set.of("api", "facts", "judge")),
          entry(
              "controller",
              Set.of(
                  "api",
                  "facts",
                  "evidence",
                  "template",
                  "judge",
                  "report",
                  "rollout",
                  "cluster",
                  "probe",
                  "telemetry",
                  "config")));

  private static final String[] PURE = {
    ROOT + ".api..",
    ROOT + ".facts..",
    ROOT + ".evidence..",
    ROOT + ".template..",
    ROOT + ".judge..",
    ROOT + ".report..",
    ROOT + ".rollout.."
  };

  private static final Set<String> WRITING =
      Set.of(
          "create",
          "createOr",
          "createOrReplace",
          "update",
          "updateStatus",
          "patch",
          "patchStatus",
          "replace",
          "replaceStatus",
          "edit",
          "editStatus",
          "accept",
          "delete",
          "evict",
          "scale",
          "serverSideApply");

  private static final Set<String> SHAPELESS =
      Set.of("util", "utils", "common", "helper", "helpers", "manager", "impl", "service", "misc");

  @Test
  void everyRoomIsOnTheList() {
    // when
    Set<String> rooms =
        PRODUCT.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ROOT + "."))
            .map(name -> name.substring(ROOT.length() + 1).split("\\.", -1)[0])
            .collect(Collectors.toCollection(TreeSet::new));

    // then
    assertThat(rooms).isEqualTo(new TreeSet<>(MAY_KNOW.keySet()));
  }

  @Test
  void dataGoesOneWayThroughTheRooms() {
    MAY_KNOW.forEach(
        (room, known) -> {
          String[] others =
              MAY_KNOW.keySet().stream()
                  .filter(other -> !other.equals(room) && !known.contains(other))
                  .map(ArchitectureTest::in)
                  .toArray(String[]::new);
          if (others.length > 0) {
            noClasses()
                .that()
                .resideInAPackage(in(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(PRODUCT);
          }
        });
  }

  @Test
  void thereAreNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void pureRoomsKnowNeitherFrameworkNorClient() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.javaoperatorsdk..", "io.quarkus..", "jakarta..", "org.slf4j.."))
        .check(PRODUCT);
  }

  /** What a kind extends comes with the client, so the API alone may name that one class of it. */
  @Test
  void onlyTheRoomsThatSpeakToTheApiServerKnowTheClient() {
    noClasses()
        .that()
        .resideOutsideOfPackages(in("cluster"), in("controller"), in("api"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8.kubernetes.client..")
        .check(PRODUCT);
    noClasses()
        .that()
        .resideInAPackage(in("api"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.fabric8.kubernetes.client..")
                .and(not(equivalentTo(CustomResource.class))))
        .check(PRODUCT);
  }

  @Test
  void theJudgeKnowsNoKubernetesObject() {
    noClasses()
        .that()
        .resideInAPackage(in("judge"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(PRODUCT);
  }

  /** The verdict flows on from there to the report and to the metrics. */
  @Test
  void terminationsAreJudgedInOnePlace() {
    assertThat(PRODUCT.get(Judge.class).getMethod("judge", Timeline.class).getAccessesToSelf())
        .hasSize(1);
  }

  @Test
  void pureRoomsKnowNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .accessTargetWhere(tellsTheTime())
        .check(PRODUCT);
  }

  @Test
  void theTimeOfDayComesFromOneClock() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("config"))
        .should()
        .accessTargetWhere(tellsTheTimeOfDay())
        .check(PRODUCT);
  }

  @Test
  void onlyOneRoomWrites() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("cluster"))
        .should()
        .accessTargetWhere(writes())
        .check(PRODUCT);
  }

  /** The path that is requested may hold secrets and worse: words have it from Asked. */
  @Test
  void wordsHaveNoPathButTheOneToShow() {
    noClasses()
        .that()
        .resideInAnyPackage(in("judge"), in("report"), in("telemetry"))
        .should()
        .accessTargetWhere(readsARequestedPath())
        .check(PRODUCT);
  }

  @Test
  void oneThreadOwnsTheEvidence() {
    noClasses()
        .that()
        .resideInAPackage(in("evidence"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.util.concurrent..").and(not(equivalentTo(TimeUnit.class))))
        .check(PRODUCT);
    noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(in("evidence"))
        .should()
        .haveModifier(JavaModifier.SYNCHRONIZED)
        .check(PRODUCT);
  }

  @Test
  void noShapelessNames() {
    for (JavaClass each : PRODUCT) {
      // when
      Set<String> words =
          Arrays.stream(
                  (each.getPackageName() + "." + each.getSimpleName())
                      .split("\\.|(?<=[a-z])(?=[A-Z])", -1))
              .map(word -> word.toLowerCase(Locale.ROOT))
              .collect(Collectors.toSet());

      // then
      assertThat(words).as(each.getName()).doesNotContainAnyElementsOf(SHAPELESS);
    }
  }

  private static String in(String room) {
    return ROOT + "." + room + "..";
  }

  private static DescribedPredicate<JavaAccess<?>> tellsTheTime() {
    return tellsTheTimeOfDay()
        .or(
            describe(
                "reads the monotonic clock", access -> calls(access, System.class, "nanoTime")));
  }

  private static DescribedPredicate<JavaAccess<?>> tellsTheTimeOfDay() {
    return describe(
        "reads the time of day",
        access ->
            calls(access, System.class, "currentTimeMillis")
                || (access.getTargetOwner().isEquivalentTo(Clock.class)
                    && access.getTarget().getName().startsWith("system"))
                || (access.getTargetOwner().getPackageName().equals("java.time")
                    && access.getTarget().getName().equals("now")));
  }

  private static DescribedPredicate<JavaAccess<?>> readsARequestedPath() {
    return describe(
        "reads a path that is requested",
        access ->
            Stream.of(
                    ProbePlan.class,
                    ContainerFacts.HttpReadiness.class,
                    ReadinessCheck.HttpGet.class,
                    HttpGetAction.class,
                    VerifyHttp.class)
                .anyMatch(owner -> calls(access, owner, "path")));
  }

  private static boolean calls(JavaAccess<?> access, Class<?> owner, String method) {
    return access.getTargetOwner().isEquivalentTo(owner)
        && access.getTarget().getName().equals(method);
  }

  private static DescribedPredicate<JavaAccess<?>> writes() {
    return describe(
        "writes to the API server",
        access ->
            access.getTargetOwner().getPackageName().startsWith("io.fabric8.kubernetes.client")
                && WRITING.contains(access.getTarget().getName()));
  }
}

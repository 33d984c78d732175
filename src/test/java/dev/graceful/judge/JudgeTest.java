package dev.graceful.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graceful.judge.finding.Check;
import dev.graceful.judge.finding.ConnectionsServed;
import dev.graceful.judge.finding.FailedWhileDraining;
import dev.graceful.judge.finding.Finding;
import dev.graceful.judge.finding.Inconclusive;
import dev.graceful.judge.finding.KilledAtDeadline;
import dev.graceful.judge.finding.NotApplicable;
import dev.graceful.judge.hint.Hint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file under {@code judge/} is one termination, in the folder of the verdict it gets. */
class JudgeTest {

  /** A story that begins so tells of one of the signatures that a termination may have. */
  private static final Pattern SIGNATURE = Pattern.compile("(G[0-9]+): ");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  static List<Path> cases() throws IOException, URISyntaxException {
    Path folder = Path.of(Objects.requireNonNull(JudgeTest.class.getResource("/judge")).toURI());
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void judgesAsTheStorySays(Path file) throws IOException {
    // given
    TerminationStory given = read(file);

    // when
    Verdict verdict = Judge.judge(given.timeline()).verdict();

    // then
    assertThat(verdict.findings().stream().map(JudgeTest::tree).toList())
        .as(given.story())
        .isEqualTo(given.expected().findings());
    assertThat(verdict.name()).isEqualTo(given.expected().verdict());
    assertThat(file.getName(file.getNameCount() - 2)).hasToString(kebab(verdict.name()));
    assertThat(verdict.lastServedMillis()).isEqualTo(given.expected().lastServedMillis());
    assertThat(verdict.refusedMillis()).isEqualTo(given.expected().refusedMillis());
    assertThat(verdict.marginMillis()).isEqualTo(given.expected().marginMillis());
    assertThat(verdict.restsOn()).isEqualTo(given.expected().restsOn());
    assertThat(verdict.hints().stream().map(JudgeTest::name).toList())
        .isEqualTo(given.expected().hints());
    assertThat(verdict.drainMillis()).isEqualTo(given.expected().drainMillis());
  }

  @Test
  void everyFindingAndEveryWhyHasAStory() throws IOException, URISyntaxException {
    // given
    Set<String> all =
        Arrays.stream(Finding.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));
    addAll(all, KilledAtDeadline.class, KilledAtDeadline.Why.values());
    addAll(all, FailedWhileDraining.class, FailedWhileDraining.Why.values());
    addAll(all, Inconclusive.class, Inconclusive.Why.values());
    addAll(all, NotApplicable.class, NotApplicable.Why.values());
    addAll(all, ConnectionsServed.class, ConnectionsServed.Why.values());
    for (Class<?> hint : Hint.class.getPermittedSubclasses()) {
      all.add(hint.getSimpleName());
    }

    // when
    Set<String> told = new TreeSet<>();
    for (Path file : cases()) {
      for (JsonNode finding : read(file).expected().findings()) {
        String name = finding.path("finding").asText();
        told.add(name);
        if (finding.has("why")) {
          told.add(name + "/" + finding.path("why").asText());
        }
      }
      told.addAll(read(file).expected().hints());
    }

    // then
    assertThat(told).isEqualTo(all);
  }

  /**
   * What can be told of a termination from outside are 23 signatures. Of the 22nd only pods of the
   * host's network are a Deployment's: nothing is observed of Jobs and other restart policies.
   */
  @Test
  void everySignatureHasAStory() throws IOException, URISyntaxException {
    // given
    Set<String> all =
        IntStream.rangeClosed(1, 23)
            .mapToObj(n -> "G" + n)
            .collect(Collectors.toCollection(TreeSet::new));

    // when
    Set<String> told = new TreeSet<>();
    for (Path file : cases()) {
      Matcher names = SIGNATURE.matcher(read(file).story());
      if (names.lookingAt()) {
        told.add(names.group(1));
      }
    }

    // then
    assertThat(told).isEqualTo(all);
  }

  @Test
  void theFirstFindingIsTheVerdictAndViolationsLeaveNoRoomForTheRest()
      throws IOException, URISyntaxException {
    for (Path file : cases()) {
      // given
      Timeline timeline = read(file).timeline();

      // when
      List<Finding> findings = Judge.judge(timeline).verdict().findings();

      // then
      List<Severity> severities =
          findings.stream().map(f -> f.check().severity()).distinct().toList();
      assertThat(severities).as(file.getFileName().toString()).hasSize(1);
      if (severities.getFirst() != Severity.VIOLATION) {
        assertThat(findings).hasSize(1);
      }
    }
  }

  @Test
  void everyFindingIsInTheChainUnderItsName() {
    assertThat(Judge.CHAIN.stream().map(Check::name))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Finding.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  private static TerminationStory read(Path file) throws IOException {
    TerminationStory read = TerminationStory.read(file);
    assertThat(read.story()).as("the story of %s", file.getFileName()).endsWith(".");
    return read;
  }

  private static void addAll(Set<String> all, Class<?> finding, Enum<?>[] whys) {
    for (Enum<?> why : whys) {
      all.add(finding.getSimpleName() + "/" + why.name());
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  private static String name(Hint hint) {
    return hint.getClass().getSimpleName();
  }

  /** By way of its text, as numbers of the same value but another type are different nodes. */
  private static JsonNode tree(Finding finding) {
    try {
      ObjectNode tree = JSON.createObjectNode().put("finding", finding.check().name());
      tree.setAll((ObjectNode) JSON.valueToTree(finding));
      if (tree.path("container").asText().equals(TerminationStory.THE_CONTAINER)) {
        tree.remove("container");
      }
      return JSON.readTree(tree.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.graceful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graceful.judge.Judge;
import dev.graceful.judge.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents that people read first: their length, and where their links lead. */
class DocumentsTest {

  private static final Path README = Path.of("README.md");
  private static final Path PAGES = Path.of("docs");
  private static final int MOST_LINES_OF_README = 120;
  private static final int MOST_COLUMNS = 160;

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern OF_ANOTHER_PLACE = Pattern.compile("[a-z]+:.*");

  static Stream<Path> documents() throws IOException {
    return Stream.concat(
        Stream.of(README, Path.of("CONTRIBUTING.md"), Path.of("e2e", "README.md")),
        pages().stream());
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(MOST_LINES_OF_README);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linesFitOnAScreen(Path document) throws IOException {
    // Markdown has no way to break the row of a table.
    assertThat(Files.readAllLines(document).stream().filter(line -> !line.startsWith("|")))
        .allSatisfy(
            line ->
                assertThat(line.codePointCount(0, line.length()))
                    .as(line)
                    .isLessThanOrEqualTo(MOST_COLUMNS));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadToFilesAndHeadingsThatExist(Path document) {
    assertThat(links(document)).allSatisfy(link -> assertLeadsSomewhere(document, link));
  }

  @Test
  void theReadmeLeadsToEachPageAndBack() throws IOException {
    assertThat(pages()).isNotEmpty();
    for (Path page : pages()) {
      assertThat(links(README)).contains(page.toString().replace('\\', '/'));
      assertThat(links(page)).contains("../README.md");
    }
  }

  /** The message of a verdict names its section. */
  @Test
  void eachVerdictThatHasACureHasASection() {
    assertThat(anchors(PAGES.resolve("verdicts.md")))
        .containsAll(
            Judge.CHAIN.stream()
                .filter(check -> check.severity() != Severity.NOT_APPLICABLE)
                .map(check -> check.name().toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("graceful"))
                .toList());
  }

  private static void assertLeadsSomewhere(Path document, String link) {
    String[] parts = link.split("#", 2);
    Path target =
        parts[0].isEmpty() ? document : document.resolveSibling(Path.of(parts[0])).normalize();
    assertThat(target).as("%s of %s", link, document).exists();
    if (parts.length > 1) {
      assertThat(anchors(target)).as("headings of %s", target).contains(parts[1]);
    }
  }

  private static List<String> links(Path document) {
    return LINK.matcher(CODE.matcher(prose(document)).replaceAll(""))
        .results()
        .map((MatchResult link) -> link.group(1))
        .filter(link -> !OF_ANOTHER_PLACE.matcher(link).matches())
        .toList();
  }

  /** As GitHub names headings; of the same ones it numbers all but the first. */
  private static List<String> anchors(Path document) {
    Map<String, Integer> before = new HashMap<>();
    List<String> anchors = new ArrayList<>();
    HEADING
        .matcher(prose(document))
        .results()
        .map(
            (MatchResult heading) ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .forEach(
            name -> {
              int earlier = before.merge(name, 1, Integer::sum) - 1;
              anchors.add(earlier == 0 ? name : name + "-" + earlier);
            });
    return anchors;
  }

  /** Without blocks of code, in which a # begins a comment. */
  private static String prose(Path document) {
    try {
      return BLOCK.matcher(Files.readString(document)).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

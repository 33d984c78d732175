package dev.graceful;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.sourceforge.pmd.PMDConfiguration;
import net.sourceforge.pmd.PmdAnalysis;
import net.sourceforge.pmd.lang.LanguageRegistry;
import net.sourceforge.pmd.lang.rule.RuleSet;
import net.sourceforge.pmd.reporting.RuleViolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes and methods stay small enough to be read at once; PMD measures them. */
class SizeTest {

  /** Those that are too large today, with the limit that each is over. It may only get shorter. */
  private static final Path TOO_LARGE = Path.of("src/test/resources/too-large.txt");

  @Test
  void everyClassAndMethodIsSmall() throws IOException {
    assertThat(complaints(Path.of("src/main/java"), listed())).isEmpty();
  }

  @Test
  void whatIsOverALimitOrListedForNothingIsNamed(@TempDir Path sources) throws IOException {
    // given
    String fortyLines = "  void most() {\n" + "    run();\n".repeat(38) + "  }\n";
    String more =
        "  @Deprecated\n  void more(int a, String... b) {\n" + "    run();\n".repeat(38) + "  }\n";
    String nested =
        "  void fifteen() {"
            + "if (a) {".repeat(5)
            + "}".repeat(5)
            + "}\n"
            + "  void sixteen() {"
            + "if (a) {".repeat(5)
            + "}".repeat(5)
            + "while (a) {}}\n";
    String listed = "  void listed() {\n" + "    run();\n".repeat(39) + "  }\n";
    Files.writeString(
        sources.resolve("A.java"),
        "package p;\nclass A {\n" + fortyLines + more + nested + listed + "}\n");
    Files.writeString(sources.resolve("B.java"), "class B {\n" + "\n".repeat(298) + "}\n");
    Files.writeString(sources.resolve("C.java"), "class C {\n" + "\n".repeat(299) + "}\n");

    // when
    List<String> complaints =
        complaints(
            sources,
            List.of("method-lines p.A.listed()", "method-lines p.A.most()", "class-lines p.Gone"));

    // then
    assertThat(complaints)
        .containsExactlyInAnyOrder(
            "A.java:44: method-lines p.A.more(int, String...): 41, at most 40",
            "A.java:85: cognitive-complexity p.A.sixteen(): 16, at most 15",
            "C.java:1: class-lines C: 301, at most 300",
            TOO_LARGE + ": method-lines p.A.most(): small enough now, or gone: take the line out",
            TOO_LARGE + ": class-lines p.Gone: small enough now, or gone: take the line out");
  }

  private static List<String> complaints(Path sources, List<String> listed) throws IOException {
    List<RuleViolation> violations = violations(sources);
    Set<String> over = violations.stream().map(SizeTest::key).collect(toSet());
    return Stream.concat(
            violations.stream().filter(each -> !listed.contains(key(each))).map(SizeTest::line),
            listed.stream()
                .filter(each -> !over.contains(each))
                .map(
                    each ->
                        TOO_LARGE + ": " + each + ": small enough now, or gone: take the line out"))
        .toList();
  }

  private static List<String> listed() throws IOException {
    return Files.readAllLines(TOO_LARGE).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  private static List<RuleViolation> violations(Path sources) throws IOException {
    var configuration = new PMDConfiguration();
    configuration.setDefaultLanguageVersion(
        LanguageRegistry.PMD.getLanguageVersionById("java", "25"));
    configuration.setIgnoreIncrementalAnalysis(true);
    try (var analysis = PmdAnalysis.create(configuration)) {
      analysis.addRuleSet(RuleSet.forSingleRule(rule()));
      assertThat(analysis.files().addFileOrDirectory(sources)).isTrue();
      var report = analysis.performAnalysisAndCollectReport();
      assertThat(report.getProcessingErrors().stream().map(error -> error.getDetail())).isEmpty();
      return report.getViolations();
    }
  }

  private static SizeRule rule() {
    var rule = new SizeRule();
    rule.setName("Size");
    rule.setMessage("");
    rule.setLanguage(LanguageRegistry.PMD.getLanguageById("java"));
    return rule;
  }

  private static String key(RuleViolation violation) {
    return violation.getDescription().replaceFirst(": .*", "");
  }

  private static String line(RuleViolation violation) {
    return violation.getFileId().getFileName()
        + ":"
        + violation.getBeginLine()
        + ": "
        + violation.getDescription();
  }
}

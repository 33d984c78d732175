package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {

  private final Runs runs = new Runs();

  @TempDir private Path folder;

  @Test
  void runIsVoidIfItsControlFailedAndOnlyThen() {
    assertThat(runs.add("a", 0)).isFalse();
    assertThat(runs.add("b", 1)).isTrue();
    assertThat(runs.count().voids()).containsExactly("b");
  }

  @Test
  void oneInTwentyMayBeVoid() {
    for (int i = 0; i < 38; i++) {
      runs.add("good", 0);
    }
    runs.add("bad", 1);
    runs.close(folder.resolve("voids.json"));

    runs.add("worse", 2);
    assertThat(runs.count().isWithinLimit()).isTrue();

    runs.add("worst", 3);
    assertThatThrownBy(() -> runs.close(folder.resolve("voids.json")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("3 of 41 runs are void")
        .hasMessageContaining("at most 2 may be: bad, worse, worst");
    assertThat(folder.resolve("voids.json")).content().contains("\"limit\" : 2", "\"worst\"");
  }

  @Test
  void ofFewRunsNoneMayBeVoid() {
    for (int i = 0; i < 18; i++) {
      runs.add("good", 0);
    }
    runs.add("bad", 1);
    assertThat(runs.count().isWithinLimit()).isFalse();
  }

  @Test
  void limitFollowsTheRuns() {
    assertThat(Runs.limit(19)).isZero();
    assertThat(Runs.limit(20)).isOne();
    assertThat(Runs.limit(101)).isEqualTo(5);
  }
}

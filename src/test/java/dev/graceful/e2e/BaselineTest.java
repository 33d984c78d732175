package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineTest {

  private final Progress progress = new Progress();
  private final List<Beginning> begun = new ArrayList<>();

  @Test
  void cleanBeginningGoesOn() {
    Beginning beginning = begin(Duration.ofMinutes(1), 0);

    assertThat(begun).containsExactly(beginning);
    assertThat(beginning.isDiscarded).isFalse();
  }

  @Test
  void beginningThatFailedIsThrownAway() {
    Beginning beginning = begin(Duration.ofMinutes(1), 2, 1, 0);

    assertThat(begun).hasSize(3).last().isSameAs(beginning);
    assertThat(begun).extracting(each -> each.isDiscarded).containsExactly(true, true, false);
  }

  @Test
  void whatNeverIsCleanIsSaidInOneSentence() {
    assertThatThrownBy(() -> begin(Duration.ZERO, 7))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("before the rollout")
        .hasMessageContaining("7");
    assertThat(begun).extracting(each -> each.isDiscarded).containsExactly(true);
  }

  private Beginning begin(Duration limit, int... failures) {
    return new Baseline(Duration.ZERO, limit)
        .begin(
            "the rollout",
            progress,
            () -> {
              var next = new Beginning(failures[begun.size()]);
              begun.add(next);
              return next;
            });
  }

  private static final class Beginning implements Baseline.Sending {

    private final int failures;
    private boolean isDiscarded;

    Beginning(int failures) {
      this.failures = failures;
    }

    @Override
    public int failures() {
      return failures;
    }

    @Override
    public void discard() {
      isDiscarded = true;
    }
  }
}

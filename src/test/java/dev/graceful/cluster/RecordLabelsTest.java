package dev.graceful.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordLabelsTest {

  @Test
  void nameTheDeploymentAndThePolicy() {
    assertThat(RecordLabels.of("web", "gentle.shop"))
        .isEqualTo(Map.of("graceful.dev/deployment", "web", "graceful.dev/policy", "gentle.shop"));
  }

  /** A name has up to 253 characters, the value of a label up to 63. */
  @Test
  void leaveOutWhatNoLabelCanHold() {
    assertThat(RecordLabels.of("w".repeat(63), "p".repeat(64)))
        .isEqualTo(Map.of("graceful.dev/deployment", "w".repeat(63)));
    assertThat(RecordLabels.of("w".repeat(64), "p")).isEqualTo(Map.of("graceful.dev/policy", "p"));
    assertThat(RecordLabels.of("", "ends-with-")).isEmpty();
  }
}

package dev.graceful.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventPublisherTest {

  @Test
  void aShortNoteStaysAsItIs() {
    assertThat(EventPublisher.cut("≤ 5 s")).isEqualTo("≤ 5 s");
  }

  /** The API counts bytes, and a character may have three of them. */
  @Test
  void aLongNoteIsCutBetweenTwoCharacters() {
    // when
    String cut = EventPublisher.cut("x" + "≤".repeat(900));

    // then
    assertThat(cut).isEqualTo("x" + "≤".repeat(333));
    assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSize(1_000);
  }

  @Test
  void aNoteIsPrintable() {
    assertThat(EventPublisher.cut("\u001b[31ma\nb\u202e")).isEqualTo("\ufffd[31ma b\ufffd");
  }
}

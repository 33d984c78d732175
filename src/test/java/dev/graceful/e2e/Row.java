package dev.graceful.e2e;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What came of one run of a case: one row of {@code verdicts.json}.
 *
 * @param verdict of its terminations; each of the different ones where they are not all the same
 * @param restsOn likewise
 * @param cause likewise
 * @param requests of the asked kind, from the raw log
 * @param dropped those that failed
 * @param agrees whether {@link Honesty} has no objection
 */
@JsonPropertyOrder({
  "case",
  "expected",
  "verdict",
  "restsOn",
  "cause",
  "requests",
  "dropped",
  "agrees"
})
record Row(
    @JsonProperty("case") String caseName,
    String expected,
    String verdict,
    String restsOn,
    String cause,
    int requests,
    int dropped,
    boolean agrees) {}

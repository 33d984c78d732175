package dev.graceful.e2e;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * @param failuresOfControl how many requests of the control failed meanwhile; with any the run is
 *     void
 */
@JsonPropertyOrder({
  "case",
  "expected",
  "verdict",
  "restsOn",
  "cause",
  "requests",
  "dropped",
  "agrees",
  "failuresOfControl"
})
record Row(
    @JsonProperty("case") String caseName,
    String expected,
    String verdict,
    String restsOn,
    String cause,
    int requests,
    int dropped,
    boolean agrees,
    int failuresOfControl) {

  /** Something other than the product or the app dropped requests. */
  @JsonIgnore
  boolean isVoid() {
    return failuresOfControl > 0;
  }
}

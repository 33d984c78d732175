package dev.graceful.evidence;

/**
 * A pod that was ready in no EndpointSlice when its deletion was seen.
 *
 * @param absentMillis for how long none had had it as ready, at least
 * @param notReadyMillis for how long its Ready condition had been false, at least; 0: it was true
 */
public record Unready(long absentMillis, long notReadyMillis) {

  /** Whether both had been so for as long as clients may come after a pod has left. */
  public boolean isOutlasting(int propagationSeconds) {
    return Math.min(absentMillis, notReadyMillis) >= propagationSeconds * 1_000L;
  }
}

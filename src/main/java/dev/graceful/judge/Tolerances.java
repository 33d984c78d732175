package dev.graceful.judge;

/**
 * Every time threshold of the judgement, in milliseconds, and where its number comes from. A
 * threshold that is not measured says that it is chosen.
 */
public final class Tolerances {

  // ---------------------------------------------------------------- endpoints and watches

  /**
   * From here on a pod left its endpoints late. Chosen: an EndpointSlice was measured to follow the
   * deletion within 65 ms, and within a few hundred on a busy cluster.
   */
  public static final long LEFT_LATE_MILLIS = 1_000;

  /** Two watches may deliver in another order than things happened, by this much. */
  public static final long WATCHES_APART_MILLIS = Timeline.WATCHES_APART_MILLIS;

  /** A watch that was down this shortly before an event may have delivered it late. Chosen. */
  public static final long AFTER_BLIND_MILLIS = 200;

  /**
   * For this much longer than clients may come, no EndpointSlice had a pod as ready, so that none
   * was sent to it, whatever its Ready condition says: a Service without ready endpoints. Chosen:
   * ten times as late as an EndpointSlice may be (LEFT_LATE_MILLIS).
   */
  public static final long NO_ENDPOINT_MILLIS = 10_000;

  // ---------------------------------------------------------------- the kubelet

  /**
   * A kill this close to the end of the grace period is the deadline's. The kubelet takes up a
   * deletion up to a second late, and leaves a container at least two seconds
   * (minimumGracePeriodInSeconds in kuberuntime_manager.go).
   */
  public static final long DEADLINE_MILLIS = 2_000;

  /** Served this shortly before the kill is served to the end: attempts are a second apart. */
  public static final long SERVED_TO_THE_END_MILLIS = 2 * DEADLINE_MILLIS;

  /**
   * An end this shortly before the preStop sleep was over is no early end. Chosen: a container's
   * status has whole seconds.
   */
  public static final long SLEEP_OVER_MILLIS = 1_000;

  // ---------------------------------------------------------------- requests on kept connections

  /** On a faster path a request on its way and a request in work look the same. Chosen. */
  public static final long SLOW_ENOUGH_MILLIS = 10;

  /** A request that was out for this long had arrived. Chosen. */
  public static final long ARRIVED_MILLIS = 5;

  /**
   * A request that was out for this long was read, by a server that is not busy. A reset before may
   * have crossed the request. Chosen.
   */
  public static final long READ_MILLIS = 250;

  /**
   * A request that was out for this long was taken from its socket and parsed, however busy the
   * server is: with all processors of a node taken, it was measured to take 0.9 s.
   */
  public static final long TAKEN_MILLIS = 2_000;

  /**
   * Connections that end within this time end together. Chosen: a process that ends takes all its
   * connections with it, and clients hear of that a little apart.
   */
  public static final long TOGETHER_MILLIS = 250;

  /** What two connections bring within this time may have been sent in another order. Chosen. */
  public static final long IN_ONE_MOMENT_MILLIS = 5;

  /**
   * An end this shortly after the last response follows it at once. Chosen: a container's status
   * follows its end within a second on a busy node, and limits of an app's own are longer.
   */
  public static final long AFTER_ANSWER_MILLIS = 2_000;

  // ---------------------------------------------------------------- hints

  /** An end this shortly after SIGTERM is an end at once. Chosen. */
  public static final long AT_ONCE_MILLIS = 1_000;

  /**
   * A readiness probe that succeeds for longer than this after SIGTERM does not follow the
   * shutdown. Chosen: probes with the usual periods and thresholds have failed by then.
   */
  public static final long STILL_READY_MILLIS = 5_000;

  private Tolerances() {}
}

package dev.graceful.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server answered to a request that it did not fulfil. */
public final class Answer {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private Answer() {}

  /** The server's own words, or else the client's. */
  public static String message(KubernetesClientException refusal) {
    Status status = refusal.getStatus();
    String message = status == null ? null : status.getMessage();
    return message == null ? String.valueOf(refusal.getMessage()) : message;
  }

  /**
   * Whether the server could not fulfil the request now, and may later: it has too much to do, or
   * something that it asks, such as an admission webhook, fails. What was asked for may have been
   * done all the same. False if the server did not answer at all.
   */
  public static boolean isForNow(KubernetesClientException refusal) {
    return refusal.getCode() == TOO_MANY_REQUESTS || refusal.getCode() >= SERVER_ERROR;
  }
}

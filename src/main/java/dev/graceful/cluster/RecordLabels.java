package dev.graceful.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Labels by which people find the operator's records. */
final class RecordLabels {

  /** What the API server takes. Names of Deployments and policies may be longer. */
  private static final Pattern VALUE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private RecordLabels() {}

  /**
   * The labels of a record. A name that no label can hold is left out.
   *
   * @param deployment the name of the Deployment that the record is about
   * @param policy the name of the policy that governs it
   */
  static Map<String, String> of(String deployment, String policy) {
    Map<String, String> labels = new HashMap<>();
    labels.put("graceful.dev/deployment", deployment);
    labels.put("graceful.dev/policy", policy);
    labels.values().removeIf(value -> !VALUE.matcher(value).matches());
    return labels;
  }
}

package dev.graceful.template.rule;

import java.util.List;
import java.util.stream.Collectors;

/** The part of a Deployment, as YAML, by which its owner gets what a rule does not write. */
final class ToCommit {

  private ToCommit() {}

  static String grace(long seconds) {
    return "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: " + seconds + "\n";
  }

  /** The policy's grace period, and its sleep in these containers. */
  static String sleep(Situation s, List<String> containers) {
    String grace = grace(Math.max(s.graceWithoutUs(), s.wish().graceSeconds()));
    int seconds = s.wish().sleepSeconds();
    if (seconds == 0 || containers.isEmpty()) {
      return grace;
    }
    return containers.stream()
        .map(
            name ->
                "      - name: "
                    + name
                    + "\n        lifecycle:\n          preStop:\n"
                    + "            sleep:\n              seconds: "
                    + seconds
                    + "\n")
        .collect(Collectors.joining("", grace + "      containers:\n", ""));
  }
}

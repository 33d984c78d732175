package dev.graceful.template.rule;

import dev.graceful.api.v1alpha1.LongerSleep;
import java.util.ArrayList;
import java.util.List;

/** Says what becomes of containers that a sleep in the template protects less than the others. */
final class OtherContainers {

  /** As many names as a row can say. */
  private static final int MOST_NAMES = 5;

  private static final String SIDECAR =
      "a native sidecar (an init container with restartPolicy: Always)";

  private OtherContainers() {}

  /** Adds the advice to a draft. */
  static Draft advised(Situation s, Draft draft) {
    Draft advised = draft;
    LongerSleep helpers = draft.decision() == null ? null : draft.decision().helpers();
    if (helpers != null) {
      advised = advised.saying(advised.reason(), ofHelpers(helpers));
    }
    return s.injected().isEmpty() || !holdsOpen(s, draft)
        ? advised
        : advised.saying(advised.reason(), ofInjected(s.injected()));
  }

  private static String ofHelpers(LongerSleep helpers) {
    boolean one = helpers.containers().size() == 1;
    return "Advice: container "
        + names(helpers.containers())
        + (one ? " serves" : " serve")
        + " no port of a Service and "
        + (one ? "sleeps" : "sleep")
        + " "
        + helpers.sleepSeconds()
        + " s, longer than those that do; as "
        + SIDECAR
        + (one ? " it ends" : " they end")
        + " after them whatever they take.";
  }

  private static boolean holdsOpen(Situation s, Draft draft) {
    boolean ours = draft.decision() != null && draft.decision().sleepSeconds() > 0;
    return ours || s.deployment().containers().stream().anyMatch(c -> c.facts().hasPreStop());
  }

  private static String ofInjected(List<String> injected) {
    List<String> cures = new ArrayList<>();
    cures.add("have it injected as " + SIDECAR);
    if (injected.contains("istio-proxy")) {
      cures.add(
          "set EXIT_ON_ZERO_ACTIVE_CONNECTIONS: \"true\" in the proxyMetadata of istio-proxy");
    }
    if (injected.contains("linkerd-proxy")) {
      cures.add(
          "set the pod's annotation config.alpha.linkerd.io/proxy-wait-before-exit-seconds to the"
              + " seconds of the sleep");
    }
    return "Advice: container "
        + names(injected)
        + " is not in the template but is added to its pods, without a preStop hook: it gets SIGTERM"
        + " at once while the others sleep, and what needs it may fail from then on. To cure that, "
        + String.join(", or ", cures)
        + ".";
  }

  private static String names(List<String> all) {
    String some = String.join(", ", all.subList(0, Math.min(MOST_NAMES, all.size())));
    return all.size() <= MOST_NAMES ? some : some + " and " + (all.size() - MOST_NAMES) + " more";
  }
}

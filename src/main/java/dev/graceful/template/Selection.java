package dev.graceful.template;

import dev.graceful.api.v1alpha1.GracefulPolicy;
import dev.graceful.api.v1alpha1.LabelSelector;
import dev.graceful.api.v1alpha1.LabelSelectorRequirement;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Selects the policy that governs a Deployment. */
public final class Selection {

  /** A Deployment with this label and the value {@code "true"} opts out of every policy. */
  public static final String SKIP_LABEL = "graceful.dev/skip";

  private Selection() {}

  /**
   * The policy that governs a Deployment with these labels: the oldest that selects it, and among
   * equally old ones the first by name; empty: none selects it.
   *
   * @param policies those of the Deployment's namespace
   */
  public static Optional<GracefulPolicy> governing(
      Map<String, String> labels, Collection<GracefulPolicy> policies) {
    if ("true".equals(labels.get(SKIP_LABEL))) {
      return Optional.empty();
    }
    return policies.stream()
        .filter(policy -> policy.getMetadata().getDeletionTimestamp() == null)
        .filter(policy -> matches(policy.getSpec().selector(), labels))
        .min(
            Comparator.comparing((GracefulPolicy p) -> p.getMetadata().getCreationTimestamp())
                .thenComparing(p -> p.getMetadata().getName()));
  }

  /** Whether the selector matches the labels; an empty selector matches all. */
  public static boolean matches(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> exact = selector.matchLabels();
    if (exact != null && !labels.entrySet().containsAll(exact.entrySet())) {
      return false;
    }
    List<LabelSelectorRequirement> requirements = selector.matchExpressions();
    return requirements == null || requirements.stream().allMatch(r -> holds(r, labels));
  }

  /** The selector as {@code kubectl get -l} takes it, without what opts out. */
  public static String query(LabelSelector selector) {
    Map<String, String> exact = selector.matchLabels();
    List<LabelSelectorRequirement> requirements = selector.matchExpressions();
    return Stream.of(
            exact == null
                ? Stream.<String>of()
                : new TreeMap<>(exact)
                    .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()),
            requirements == null
                ? Stream.<String>of()
                : requirements.stream().map(Selection::query),
            Stream.of(SKIP_LABEL + "!=true"))
        .flatMap(each -> each)
        .collect(Collectors.joining(","));
  }

  private static String query(LabelSelectorRequirement requirement) {
    String key = requirement.key();
    List<String> values = requirement.values() == null ? List.of() : requirement.values();
    String list = " (" + String.join(",", values) + ")";
    return switch (requirement.operator()) {
      case In -> key + " in" + list;
      case NotIn -> key + " notin" + list;
      case Exists -> key;
      case DoesNotExist -> "!" + key;
    };
  }

  private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.key());
    List<String> values = requirement.values() == null ? List.of() : requirement.values();
    return switch (requirement.operator()) {
      case In -> value != null && values.contains(value);
      // Kubernetes' NotIn holds for an absent label too.
      case NotIn -> value == null || !values.contains(value);
      case Exists -> value != null;
      case DoesNotExist -> value == null;
    };
  }
}

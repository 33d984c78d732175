package dev.graceful.facts;

import java.util.Comparator;

/** A Deployment, by namespace and name; in that order. */
public record WorkloadRef(String namespace, String name) implements Comparable<WorkloadRef> {

  private static final Comparator<WorkloadRef> ORDER =
      Comparator.comparing(WorkloadRef::namespace).thenComparing(WorkloadRef::name);

  @Override
  public int compareTo(WorkloadRef other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

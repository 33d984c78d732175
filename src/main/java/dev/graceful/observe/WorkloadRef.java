package dev.graceful.observe;

/** A Deployment, by namespace and name. */
public record WorkloadRef(String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}

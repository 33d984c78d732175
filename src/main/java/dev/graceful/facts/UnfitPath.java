package dev.graceful.facts;

/**
 * A path that a ready pod answered so that nothing can be learned by it, so that it is not
 * requested.
 *
 * @param path for display: whatever path it is made of becomes a {@link ShownPath}
 * @param readinessPath whether that is what its readiness probe asks
 * @param status of the response
 */
public record UnfitPath(String path, boolean readinessPath, int status) {

  public UnfitPath {
    path = ShownPath.of(path);
  }

  /** What it means, and what helps, in sentences that users read. */
  public String message() {
    return readinessPath
        ? "GET "
            + path
            + " answered the operator with "
            + status
            + ", though the pod's readiness probe asks the same and passes: the operator does not"
            + " request it. A server that takes requests of some hosts or addresses only answers so:"
            + " let it answer what has the pod's own address as its Host, give the probe the Host in"
            + " its httpHeaders, or set verify.http.path."
        : "GET "
            + path
            + " answered the operator with "
            + status
            + " while the pod was ready: the operator does not request it. Set verify.http.path to"
            + " one that answers 2xx.";
  }
}

package dev.graceful.template;

import dev.graceful.api.v1alpha1.DeploymentProtectionStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the operator has to know after a crash besides its decisions. It is saved before the
 * template is written.
 *
 * @param rolloutGeneration of the Deployment, which the operator's latest write makes; null: the
 *     operator has started no rollout
 */
public record Journal(@Nullable Long rolloutGeneration, Contest contest) {

  /** Nothing has happened yet. */
  public static final Journal EMPTY = new Journal(null, Contest.NONE);

  /** The journal in a status; null: nothing has happened yet. */
  public static Journal of(@Nullable DeploymentProtectionStatus status) {
    return status == null
        ? EMPTY
        : new Journal(
            status.rolloutGeneration(),
            new Contest(
                Objects.requireNonNullElse(status.reverts(), List.of()),
                status.contestedGeneration()));
  }
}

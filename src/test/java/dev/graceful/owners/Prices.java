package dev.graceful.owners;

import java.util.Map;
import java.util.Optional;

/**
 * What it costs that a cluster has no MutatingAdmissionPolicy: there the operator can write only
 * after the owner. With it, nothing costs anything.
 */
final class Prices {

  /** What a row's why has to say. */
  enum Price {
    /**
     * The operator's write comes after the owner's, and is a revision of its own; none, if it comes
     * before the Deployment controller has seen the owner's.
     */
    REVISION("revisions"),
    /** The API server takes no container with two preStop handlers, nor a sleep above the grace. */
    REFUSED("was refused"),
    /**
     * The revision before is the owner's own without what the operator added to it; there is none
     * such, where the operator's write comes before the Deployment controller has seen the owner's.
     */
    UNDO_STAYS("image: expected");

    private final String says;

    Price(String says) {
      this.says = says;
    }

    boolean isPaidBy(Row row) {
      return (row.ok() && this != REFUSED) || (!row.ok() && row.why().contains(says));
    }
  }

  /** Owners whose tool merges leave the operator's values where they are. */
  private static final Map<Action, Price> OF_MERGING =
      Map.of(
          Action.CREATE, Price.REVISION,
          Action.RENAME_CONTAINER, Price.REVISION,
          Action.OWN_HOOK, Price.REFUSED,
          Action.OTHER_KIND_OF_HOOK, Price.REFUSED,
          Action.STATES_THE_DEFAULT, Price.REVISION,
          Action.GRACE_BELOW_THE_SLEEP, Price.REFUSED,
          Action.UNDO_TO_UNPROTECTED, Price.REVISION,
          Action.SKIP, Price.REVISION,
          Action.DELETE_POLICY, Price.REVISION);

  /** A change of single fields keeps the hook of a renamed container, and replaces a hook. */
  private static final Map<Action, Price> OF_PATCHING =
      Map.of(
          Action.CREATE, Price.REVISION,
          Action.OWN_HOOK, Price.REVISION,
          Action.OTHER_KIND_OF_HOOK, Price.REVISION,
          Action.GRACE_BELOW_THE_SLEEP, Price.REFUSED,
          Action.UNDO_TO_UNPROTECTED, Price.REVISION,
          Action.SKIP, Price.REVISION,
          Action.DELETE_POLICY, Price.REVISION);

  /** Each replacement takes the operator's values away. */
  private static final Map<Action, Price> OF_REPLACING =
      Map.of(
          Action.CREATE, Price.REVISION,
          Action.REAPPLY_PROTECTED, Price.REVISION,
          Action.NEW_IMAGE, Price.REVISION,
          Action.RENAME_CONTAINER, Price.REVISION,
          Action.LARGER_GRACE, Price.REVISION,
          Action.SMALLER_GRACE, Price.REVISION,
          Action.SCALE, Price.REVISION,
          Action.UNDO, Price.UNDO_STAYS,
          Action.UNDO_TO_UNPROTECTED, Price.REVISION,
          Action.SKIP, Price.REVISION);

  private Prices() {}

  /**
   * Why a row cannot be ok; empty: it can.
   *
   * @param admission whether the cluster has MutatingAdmissionPolicy
   */
  static Optional<Price> of(Owner owner, Action action, boolean admission) {
    if (admission) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (owner) {
          case APPLY, SERVER_SIDE_APPLY, HELM_3, HELM_4 -> OF_MERGING.get(action);
          case PATCH -> OF_PATCHING.get(action);
          case REPLACE -> OF_REPLACING.get(action);
        });
  }
}

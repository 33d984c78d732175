package dev.graceful.owners;

import dev.graceful.owners.Action.Step.Change;
import dev.graceful.owners.Action.Step.DeletePolicy;
import dev.graceful.owners.Action.Step.RollBack;
import dev.graceful.owners.Action.Step.Undo;
import java.util.List;

/**
 * What owners do to their Deployments. Unless said otherwise, the Deployment was there before the
 * policy, and an earlier rollout of its owner's has protected it.
 */
@SuppressWarnings("ImmutableEnumChecker") // It does not know that List.of is.
enum Action {
  /** The policy is there first. */
  CREATE("create", Start.NOTHING, List.of(), List.of(), Wanted.first(), Left.PROTECTED),
  /** Of what was there before the policy, and has not been rolled since. */
  REAPPLY(
      "re-apply unchanged",
      Start.UNPROTECTED,
      List.of(),
      List.of(new Change(Wanted.first())),
      Wanted.first(),
      Left.AS_WANTED),
  REAPPLY_PROTECTED(
      "re-apply unchanged, when protected",
      Start.PROTECTED,
      List.of(),
      List.of(new Change(rolled())),
      rolled(),
      Left.PROTECTED),
  NEW_IMAGE("new image", rolled().withImage(2), Left.PROTECTED),
  RENAME_CONTAINER("rename container", rolled().withContainer("renamed"), Left.PROTECTED),
  OWN_HOOK("own hook added", rolled().withOwnHook(3), Left.OWN_HOOK),
  LARGER_GRACE("larger grace", rolled().withGrace(120), Left.PROTECTED),
  /** It leaves 14 s to drain. */
  SMALLER_GRACE("smaller grace", rolled().withGrace(20), Left.PROTECTED),
  /** The API refuses a sleep that is longer. */
  GRACE_BELOW_THE_SLEEP("grace below the sleep", rolled().withGrace(4), Left.AS_WANTED),
  SCALE("scale", rolled().withReplicas(3), Left.PROTECTED),
  UNDO(
      "undo",
      Start.PROTECTED,
      List.of(new Change(rolled().withImage(2))),
      List.of(new Undo(List.of())),
      rolled(),
      Left.PROTECTED),
  UNDO_TO_UNPROTECTED(
      "undo to before the policy",
      Start.PROTECTED,
      List.of(new Change(rolled().withImage(2))),
      List.of(new Undo(List.of("--to-revision=1"))),
      Wanted.first(),
      Left.PROTECTED),
  ROLLBACK(
      "helm rollback",
      Start.PROTECTED,
      List.of(new Change(rolled().withImage(2))),
      List.of(new RollBack()),
      rolled(),
      Left.PROTECTED) {
    @Override
    boolean isFor(Owner owner) {
      return owner.isHelm();
    }
  },
  SKIP(
      "skip",
      Start.PROTECTED,
      List.of(),
      List.of(new Change(rolled().withSkip()), new Change(rolled().withSkip().withImage(2))),
      rolled().withSkip().withImage(2),
      Left.AS_WANTED),
  /** The chart renders the default in so many words, as many do: each upgrade brings it back. */
  STATES_THE_DEFAULT(
      "new image of a chart that states 30 (r13)",
      Start.PROTECTED,
      List.of(new Change(rolled().withGrace(30).withImage(2))),
      List.of(new Change(rolled().withGrace(30).withImage(3))),
      rolled().withGrace(30).withImage(3),
      Left.PROTECTED) {
    @Override
    Wanted first() {
      return Wanted.first().withGrace(Wanted.DEFAULT_GRACE_SECONDS);
    }

    // Of the others the apply, or its record in the object, says that its owner wants it.
    @Override
    boolean isFor(Owner owner) {
      return owner == Owner.HELM_3;
    }
  },
  OTHER_KIND_OF_HOOK(
      "own hook beside the sleep of another container (r14)",
      Start.PROTECTED,
      List.of(),
      List.of(new Change(rolled().withLogs(3).withOwnHook(3))),
      rolled().withLogs(3).withOwnHook(3),
      Left.OWN_HOOK) {
    @Override
    Wanted first() {
      return Wanted.first().withLogs(3);
    }
  },
  HOST_PORT_AND_NO_SURGE(
      "new image with a hostPort and no surge (r20)",
      Start.UNPROTECTED,
      List.of(),
      List.of(new Change(rolled().withHostPort().withImage(2))),
      rolled().withHostPort().withImage(2),
      Left.AS_WANTED) {
    @Override
    Wanted first() {
      return Wanted.first().withHostPort();
    }
  },
  /** As a controller does that writes the whole Deployment again at each difference. */
  OWNED_BY_A_CONTROLLER(
      "new image of what a controller owns (r23)",
      Start.UNPROTECTED,
      List.of(),
      List.of(new Change(rolled().withImage(2)), new Change(rolled().withImage(2))),
      rolled().withImage(2),
      Left.AS_WANTED) {
    @Override
    boolean isOwned() {
      return true;
    }

    @Override
    boolean isFor(Owner owner) {
      return owner == Owner.REPLACE || owner == Owner.SERVER_SIDE_APPLY;
    }
  },
  DELETE_POLICY(
      "delete policy",
      Start.PROTECTED,
      List.of(),
      List.of(new DeletePolicy(), new Change(rolled().withImage(2))),
      rolled().withImage(2),
      Left.AS_WANTED);

  /** How it begins. */
  enum Start {
    NOTHING,
    UNPROTECTED,
    PROTECTED
  }

  /** What is in the template afterwards, besides what the owner wants. */
  enum Left {
    /** The sleep, and the grace period unless the owner declares one. */
    PROTECTED,
    /** Nothing of the operator's. */
    AS_WANTED,
    /** The owner's hook and no sleep of the operator's; the grace period may stay raised. */
    OWN_HOOK
  }

  /** One thing that somebody does. */
  sealed interface Step {
    record Change(Wanted wanted) implements Step {}

    record Undo(List<String> options) implements Step {}

    record RollBack() implements Step {}

    record DeletePolicy() implements Step {}
  }

  private final String words;
  private final Start start;
  private final List<Step> before;
  private final List<Step> steps;
  private final Wanted after;
  private final Left left;

  Action(String words, Start start, List<Step> before, List<Step> steps, Wanted after, Left left) {
    this.words = words;
    this.start = start;
    this.before = before;
    this.steps = steps;
    this.after = after;
    this.left = left;
  }

  Action(String words, Wanted after, Left left) {
    this(words, Start.PROTECTED, List.of(), List.of(new Change(after)), after, left);
  }

  /** What the owner wants at first. */
  Wanted first() {
    return Wanted.first();
  }

  /** Whether a ConfigMap of the Deployment's name is its controlling owner. */
  boolean isOwned() {
    return false;
  }

  /** What most owners want after the rollout that protects. */
  private static Wanted rolled() {
    return second(Wanted.first());
  }

  /** What the owner wants after the rollout that protects. */
  static Wanted second(Wanted first) {
    return first.withNote("second");
  }

  /** As the rows have it. */
  String words() {
    return words;
  }

  Start start() {
    return start;
  }

  /** What is done before anything is counted. */
  List<Step> before() {
    return before;
  }

  /** What is counted. */
  List<Step> steps() {
    return steps;
  }

  /** What the owner then wants. */
  Wanted after() {
    return after;
  }

  Left left() {
    return left;
  }

  boolean isFor(Owner owner) {
    return true;
  }
}

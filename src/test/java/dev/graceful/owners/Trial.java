package dev.graceful.owners;

import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.owners.Action.Step;
import dev.graceful.owners.Tools.Said;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** One action of one owner, in a namespace of its own. */
final class Trial {

  /**
   * What came of it.
   *
   * @param faults what is not as it should be; empty: nothing
   * @param ended all pods that the action ended, those that came meanwhile included
   */
  record Outcome(
      List<String> faults, long revisions, int restarts, int ended, boolean protectedAfter) {}

  /** Nothing more is to come when nothing has happened for so long. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** As long as it is not as it should be, more may come. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Far longer than anything takes that comes to its end, on a slow machine as well. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  /** The operator has said something by then. */
  private static final Duration DECIDED = Duration.ofSeconds(80);

  /** The operator waits a minute for a deleted policy to come back. */
  private static final Duration UNTIL_A_DELETED_POLICY_COUNTS = LONGEST.plusMinutes(1);

  private final ControlPlane plane;
  private final Owner owner;
  private final Action action;
  private final boolean governed;
  private final String namespace;
  private final Path folder;
  private final Namespaced seen;
  private final List<String> faults = new ArrayList<>();
  private Wanted wanted;

  private Trial(ControlPlane plane, Owner owner, Action action, boolean governed) {
    this.plane = plane;
    this.owner = owner;
    this.action = action;
    this.governed = governed;
    this.namespace =
        (owner.name() + "-" + action.name() + (governed ? "" : "-alone"))
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    this.folder = Path.of("build", "owners", plane.version(), namespace);
    this.seen = plane.namespace(namespace);
    this.wanted = action.first();
  }

  /**
   * Does it all.
   *
   * @param governed whether there is a policy; without one it shows what the owner does alone
   */
  static Outcome run(ControlPlane plane, Owner owner, Action action, boolean governed) {
    var trial = new Trial(plane, owner, action, governed);
    plane.createNamespace(trial.namespace);
    return trial.run();
  }

  private Outcome run() {
    if (!(begin() && action.before().stream().allMatch(this::rest))) {
      return new Outcome(faults, 0, 0, 0, hasSleep());
    }
    long revision = seen.revision();
    Set<String> alive = seen.alive();
    Set<String> endedEarlier = seen.ended();
    if (action.start() == Action.Start.NOTHING) {
      // An admission policy's parameters take a moment to be known.
      require("create", owner.create(plane.tools(), namespace, folder, wanted));
      awaitRest(this::isAsItShouldBe);
    } else {
      for (Step step : action.steps()) {
        if (!rest(step)) {
          break;
        }
      }
      awaitRest(this::isAsItShouldBe);
    }
    faults.addAll(deviations(action.after(), governed ? action.left() : Action.Left.AS_WANTED));
    if (!seen.isSettled()) {
      faults.add("the rollout did not come to rest within " + LONGEST.toSeconds() + " s");
    }
    Set<String> ended = seen.ended();
    ended.removeAll(endedEarlier);
    alive.retainAll(ended);
    return new Outcome(
        List.copyOf(faults), seen.revision() - revision, alive.size(), ended.size(), hasSleep());
  }

  /** Until where the action starts; returns whether it got there. */
  private boolean begin() {
    if (action.isOwned()) {
      wanted = wanted.withController(controller());
    }
    if (action.start() == Action.Start.NOTHING) {
      govern();
      seen.await(DECIDED, () -> !governed || isAccepted());
      awaitQuiet();
      return true;
    }
    if (!require("create", owner.create(plane.tools(), namespace, folder, wanted))) {
      return false;
    }
    if (!seen.await(LONGEST, seen::isSettled)) {
      faults.add("before the action: the Deployment did not settle");
      return false;
    }
    govern();
    seen.await(DECIDED, () -> !governed || seen.programmed().isPresent());
    awaitQuiet();
    if (action.start() == Action.Start.UNPROTECTED) {
      return true;
    }
    Action.Left left = governed ? Action.Left.PROTECTED : Action.Left.AS_WANTED;
    Wanted rolled = Action.second(wanted);
    if (!change(rolled)) {
      return false;
    }
    awaitRest(() -> deviations(rolled, left).isEmpty());
    List<String> deviations = deviations(rolled, left);
    deviations.forEach(deviation -> faults.add("before the action: " + deviation));
    return deviations.isEmpty();
  }

  private boolean isAccepted() {
    return seen.policy()
        .flatMap(policy -> Namespaced.condition(policy, "Accepted"))
        .filter(condition -> condition.status() == Condition.Status.True)
        .isPresent();
  }

  private void govern() {
    if (governed) {
      plane.create(namespace, GovernedBy.policy("OnRollout"));
    }
  }

  /** Does a step and waits until it has had its effect. */
  private boolean rest(Step step) {
    boolean done =
        switch (step) {
          case Step.Change(Wanted next) -> change(next);
          case Step.Undo undo ->
              require("rollout undo", owner.undo(plane.tools(), namespace, undo.options()));
          case Step.RollBack _ -> require("rollback", owner.rollBack(plane.tools(), namespace));
          case Step.DeletePolicy _ -> deletePolicy();
        };
    awaitQuiet();
    return done;
  }

  private boolean change(Wanted given) {
    Wanted next = wanted.controller() == null ? given : given.withController(wanted.controller());
    boolean done = require("change", owner.change(plane.tools(), namespace, folder, wanted, next));
    wanted = next;
    return done;
  }

  /** The uid of the ConfigMap that owns the Deployment. */
  private String controller() {
    String[] configMap = {"configmap", Wanted.NAME, "--namespace", namespace};
    plane.tools().need("kubectl", "create", configMap[0], configMap[1], configMap[2], configMap[3]);
    return plane
        .tools()
        .need(
            "kubectl",
            "get",
            configMap[0],
            configMap[1],
            configMap[2],
            configMap[3],
            "-ojsonpath={.metadata.uid}")
        .strip();
  }

  private boolean deletePolicy() {
    if (governed) {
      plane.deletePolicy(namespace);
      boolean counts =
          seen.await(
              UNTIL_A_DELETED_POLICY_COUNTS,
              () -> seen.protection().filter(p -> p.get("spec", "decision") != null).isEmpty());
      if (!counts) {
        faults.add(
            "the protection still has a decision "
                + UNTIL_A_DELETED_POLICY_COUNTS.toSeconds()
                + " s after the policy was deleted");
      }
    }
    return true;
  }

  private boolean require(String what, Said said) {
    seen.beginsToCount();
    if (!said.succeeded()) {
      faults.add(
          what
              + " was refused: "
              + said.words().replaceAll("\\s+", " ").replace(folder.toString(), "chart"));
    }
    return said.succeeded();
  }

  private void awaitQuiet() {
    awaitRest(() -> true);
  }

  private void awaitRest(BooleanSupplier asItShouldBe) {
    seen.beginsToCount();
    seen.await(
        LONGEST,
        () -> {
          Duration quiet = seen.quietFor();
          return (seen.isSettled() || seen.deployment().isEmpty())
              && quiet.compareTo(QUIET) >= 0
              && (quiet.compareTo(PATIENCE) >= 0 || asItShouldBe.getAsBoolean());
        });
  }

  private boolean isAsItShouldBe() {
    return deviations(action.after(), governed ? action.left() : Action.Left.AS_WANTED).isEmpty();
  }

  private List<String> deviations(Wanted wanted, Action.Left left) {
    Deployment deployment = seen.deployment().orElse(null);
    if (deployment == null) {
      return List.of("there is no Deployment");
    }
    List<String> result = new ArrayList<>();
    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    List<String> names = pod.getContainers().stream().map(Container::getName).toList();
    expect(result, "containers", wanted.containers(), names);
    Container container = pod.getContainers().getFirst();
    expect(result, "image", wanted.imageName(), container.getImage());
    expect(result, "replicas", wanted.replicas(), deployment.getSpec().getReplicas());
    if (wanted.logsSleep() != null) {
      expect(
          result,
          "preStop of the other",
          "sleep " + wanted.logsSleep(),
          preStop(pod.getContainers().getLast()));
    }
    expect(
        result,
        "preStop",
        wanted.ownHook() != null
            ? "exec sleep " + wanted.ownHook()
            : left == Action.Left.PROTECTED ? "sleep " + GovernedBy.SLEEP_SECONDS : "none",
        preStop(container));
    long grace = pod.getTerminationGracePeriodSeconds();
    boolean mayBeRaised = left == Action.Left.OWN_HOOK && grace == GovernedBy.GRACE_SECONDS;
    boolean statesTheDefault =
        wanted.graceSeconds() != null && wanted.graceSeconds() == Wanted.DEFAULT_GRACE_SECONDS;
    if (!mayBeRaised) {
      expect(
          result,
          "terminationGracePeriodSeconds",
          wanted.graceSeconds() != null && !statesTheDefault
              ? (long) wanted.graceSeconds()
              : left == Action.Left.PROTECTED
                  ? (long) GovernedBy.GRACE_SECONDS
                  : (long) Wanted.DEFAULT_GRACE_SECONDS,
          grace);
    }
    if (!result.isEmpty() && governed) {
      seen.programmed()
          .ifPresent(
              programmed ->
                  result.add(
                      "Programmed is %s (%s: %s)"
                          .formatted(
                              programmed.status(), programmed.reason(), programmed.message())));
    }
    return result;
  }

  private static void expect(List<String> result, String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      result.add("%s: expected %s, found %s".formatted(what, expected, actual));
    }
  }

  private static String preStop(Container container) {
    if (container.getLifecycle() == null || container.getLifecycle().getPreStop() == null) {
      return "none";
    }
    var hook = container.getLifecycle().getPreStop();
    return hook.getSleep() != null
        ? "sleep " + hook.getSleep().getSeconds()
        : hook.getExec() != null
            ? "exec " + String.join(" ", hook.getExec().getCommand())
            : "other";
  }

  private boolean hasSleep() {
    return seen.deployment()
        .map(d -> d.getSpec().getTemplate().getSpec().getContainers())
        .filter(
            containers ->
                containers.stream()
                    .allMatch(c -> preStop(c).equals("sleep " + GovernedBy.SLEEP_SECONDS)))
        .isPresent();
  }
}

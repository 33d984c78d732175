package dev.graceful.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.e2e.ClientStats.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The main job to look at: an app that drops requests in each rollout, what a policy changes in
 * that, and what an app that ends well makes of it. Fails if it does not show what it is to show.
 */
public final class Demo {

  private static final int REPLICAS = 4;

  /** More only where so little traffic is borne that two may show no dropped connection. */
  private static final int LEAST_ROLLOUTS = 2;

  private static final int PROPAGATION_SECONDS = 5;
  private static final int DRAIN_SECONDS = 20;

  /** An act is done again at most so often, each time at half the rate; what its namespace adds. */
  private static final List<String> AGAIN = List.of("-half", "-quarter");

  /** Of the requests that were due so many must have been sent, or the clients stood still. */
  private static final double LEAST_SENT = 0.9;

  private static final Path RESULT = Path.of("build", "demo.json");

  private static final Policy OBSERVE = new Policy(Apply.Never, PROPAGATION_SECONDS, DRAIN_SECONDS);
  private static final Policy PROTECT =
      new Policy(Apply.Immediately, PROPAGATION_SECONDS, DRAIN_SECONDS);

  /**
   * What the demo shows.
   *
   * @param namespace that it is shown in, the first time
   */
  private record Scene(String namespace, String appName, Pattern pattern, Policy policy) {

    boolean isProtected() {
      return policy.patches();
    }

    String title() {
      return appName + (isProtected() ? ", protected" : ", unprotected");
    }
  }

  private static final Scene DRAINS =
      new Scene("act-3", "drain", Pattern.DRAIN, PROTECT.verifyingOnSlowPath());

  private static final List<Scene> SCENES =
      List.of(
          new Scene("act-1", "textbook", Pattern.TEXTBOOK, OBSERVE),
          new Scene("act-2", "textbook", Pattern.TEXTBOOK, PROTECT),
          DRAINS);

  /** An act at its end. */
  private record Performed(Scene scene, Scenario act, Condition graceful) {

    String title() {
      return scene.title();
    }

    Traffic.Rate rate() {
      return act.rollouts().getLast().rate();
    }
  }

  /** The control failed in every act that was tried. */
  private static final class NothingShown extends RuntimeException {

    private static final long serialVersionUID = 1;

    NothingShown(String sentence) {
      super(sentence);
    }
  }

  private final Progress progress = new Progress();
  private final Cluster cluster;
  private final List<String> broken = new ArrayList<>();
  private final List<String> voids = new ArrayList<>();
  private Capacity capacity = new Capacity(Capacity.LEAST);
  private boolean firstVerdictTold;

  private Demo(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Takes no arguments; the cluster is the kubeconfig's. */
  public static void main(String[] args) {
    // Else the libraries complain on the screen, in lines that mean nothing to whoever watches.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    System.setProperty("io.netty.noUnsafe", "true");
    int exitCode = 1;
    try (var cluster = Cluster.connect()) {
      try {
        exitCode = new Demo(cluster).run();
      } finally {
        cluster.cleanUp();
      }
    } catch (Capacity.TooLittle | NothingShown e) {
      System.err.println("The demo shows nothing: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      System.err.println("The demo broke off: " + e.getMessage());
      e.printStackTrace();
    }
    System.exit(exitCode);
  }

  private int run() throws IOException {
    String version = cluster.kubernetesVersion();
    progress.say("Kubernetes " + version + ". Bringing up the apps and their clients.");
    try (var control =
        Control.deploy(cluster, "control", Workload.Shape.of(Pattern.TEXTBOOK, REPLICAS))) {
      Map<Scene, Scenario> acts = new LinkedHashMap<>();
      for (Scene scene : SCENES) {
        acts.put(scene, deploy(scene, scene.namespace, control));
      }
      progress.say("Installing the operator with Helm.");
      progress.say(
          "The operator was ready after " + Progress.seconds(Installation.install()) + ".");
      control.awaitReady(progress);
      acts.values().forEach(Scenario::awaitReady);
      progress.say("Finding how much traffic this machine bears.");
      capacity = control.findCapacity(progress);

      List<Performed> performed = new ArrayList<>();
      acts.forEach((scene, act) -> performed.add(perform(scene, act, control)));
      performed.forEach(this::check);
      tell(performed);
      write(version, performed);
      progress.print(
          "The figures are in " + RESULT + ", the raw logs of all requests in build/e2e.");
      broken.forEach(line -> progress.print("NOT SHOWN: " + line));
      progress.say(broken.isEmpty() ? "The demo shows what it is to show." : "The demo failed.");
      return broken.isEmpty() ? 0 : 1;
    }
  }

  private Scenario deploy(Scene scene, String namespace, Control control) {
    return Scenario.deploy(
        cluster,
        namespace,
        Workload.Shape.of(scene.pattern, REPLICAS),
        () -> capacity.of(Control.MOST),
        control,
        (_, _) -> {},
        progress);
  }

  /** Goes through an act; again at half the rate, where the control failed in it. */
  private Performed perform(Scene scene, Scenario first, Control control) {
    Scenario act = first;
    for (int again = 0; ; again++) {
      try (Scenario current = act) {
        Optional<Performed> performed = perform(scene, current);
        if (performed.isPresent()) {
          return performed.get();
        }
        String isVoid =
            "%s at %s: the control failed %s"
                .formatted(
                    scene.title(),
                    capacity.of(Control.MOST),
                    current.rollouts().getLast().control().failedInWords());
        voids.add(isVoid);
        progress.say("This act is void. " + isVoid + ".");
        if (again == AGAIN.size()) {
          throw new NothingShown(
              "the control, which is never rolled, failed in each of %d tries of the act \"%s\", so something else than the apps drops requests here: end other work on this machine, or use another"
                  .formatted(AGAIN.size() + 1, scene.title()));
        }
      }
      capacity = capacity.half();
      progress.say("The act is done again at half the rate.");
      cluster.forget(act.name());
      act = deploy(scene, scene.namespace + AGAIN.get(again), control);
      act.awaitReady();
    }
  }

  /** Empty if it is void. */
  private Optional<Performed> perform(Scene scene, Scenario act) {
    int rollouts = Math.max(LEAST_ROLLOUTS, capacity.rolloutsThatShowDrops());
    progress.print("");
    progress.say(
        "Act: %s. %d rollouts of %d pods under %s, and as much for the control."
            .formatted(scene.title(), rollouts, REPLICAS, capacity.of(Control.MOST)));
    progress.print("$ kubectl apply -n " + act.name() + " -f -");
    progress.print(scene.policy.yaml().indent(2).stripTrailing());
    double patchedSeconds = act.apply(scene.policy);
    progress.say(
        scene.policy.patches()
            ? "From kubectl apply to patched: " + Progress.seconds(patchedSeconds) + "."
            : "The policy observes, and changes nothing.");
    for (int i = 0; i < rollouts; i++) {
      Scenario.RolloutResult result = act.rollOut();
      if (result.isVoid()) {
        return Optional.empty();
      }
      if (!firstVerdictTold) {
        firstVerdictTold = true;
        progress.say(
            "From the start of the first rollout to its first verdict: "
                + Progress.seconds(result.firstVerdictSeconds())
                + ".");
      }
    }
    Condition graceful = act.word().condition(OperatorStatus.TERMINATIONS_GRACEFUL).orElseThrow();
    progress.say("The operator says: " + graceful.status() + ", " + graceful.reason() + ".");
    return Optional.of(new Performed(scene, act, graceful));
  }

  private void tell(List<Performed> acts) {
    progress.print("");
    progress.print(table(acts));
    progress.print("control, the same load at the same time, never rolled: " + controlled(acts));
    progress.print("the clients themselves were late by at most " + latestMillis(acts) + " ms");
    progress.print(
        voids.isEmpty()
            ? "no act was void"
            : "acts that were void, and done again at half the rate: " + String.join("; ", voids));
    progress.print("");
    progress.print("$ kubectl get gracefulpolicies,deploymentprotections,terminationreports -A");
    progress.print(
        CommandLine.run(
            "kubectl", "get", "gracefulpolicies,deploymentprotections,terminationreports", "-A"));
  }

  private static ClientStats controlled(List<Performed> acts) {
    var total = new ClientStats();
    acts.forEach(performed -> total.add(performed.act().controlled()));
    return total;
  }

  private static long latestMillis(List<Performed> acts) {
    return acts.stream()
        .mapToLong(performed -> performed.act().clients().latestMillis())
        .max()
        .orElse(0);
  }

  private void check(Performed performed) {
    ClientStats clients = performed.act().clients();
    double due =
        performed.act().rollouts().stream()
            .mapToDouble(rollout -> rollout.rate().perSecond() * rollout.seconds())
            .sum();
    expect(
        clients.requests() >= LEAST_SENT * due,
        "%s: %d requests were sent, and %.0f were due"
            .formatted(performed.title(), clients.requests(), due));
    expect(
        performed.act().controlled().requests() >= clients.requests(),
        performed.title() + ": the control was smaller than the act");
    if (!performed.scene().isProtected()) {
      checkUnprotected(performed);
      return;
    }
    expect(
        clients.failedCount(Kind.NEW) == 0,
        performed.title() + ": new connections failed: " + clients.failedInWords(Kind.NEW));
    if (performed.scene().equals(DRAINS)) {
      checkDrain(performed);
    }
  }

  private void checkUnprotected(Performed performed) {
    // Of few connections a second a single rollout may meet none.
    expect(
        performed.act().clients().failedCount(Kind.NEW) > 0,
        performed.title() + ": no new connection failed");
    List<Scenario.RolloutResult> rollouts = performed.act().rollouts();
    for (int i = 0; i < rollouts.size(); i++) {
      Condition graceful = rollouts.get(i).graceful();
      expect(
          graceful != null && graceful.status() == Condition.Status.False,
          "%s, rollout %d: its report does not call it violated"
              .formatted(performed.title(), i + 1));
    }
    expect(
        performed.graceful().status() == Condition.Status.False,
        performed.title() + ": TerminationsGraceful is not False");
  }

  private void checkDrain(Performed performed) {
    ClientStats clients = performed.act().clients();
    expect(clients.failedCount() == 0, performed.title() + ": requests failed: " + clients);
    expect(
        performed.graceful().status() == Condition.Status.True,
        performed.title() + ": TerminationsGraceful is not True");
  }

  private void expect(boolean shown, String otherwise) {
    if (!shown) {
      broken.add(otherwise);
    }
  }

  private static String table(List<Performed> acts) {
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "ACT",
            "ROLLOUTS",
            "NEW A SECOND",
            "REQUESTS",
            "FAILED NEW",
            "FAILED KEEP-ALIVE",
            "VERDICTS",
            "GRACEFUL",
            "REASON"));
    for (Performed performed : acts) {
      ClientStats clients = performed.act().clients();
      rows.add(
          List.of(
              performed.title(),
              String.valueOf(performed.act().rollouts().size()),
              String.valueOf(performed.rate().newPerSecond()),
              String.format(Locale.ROOT, "%,d", clients.requests()),
              clients.failedInWords(Kind.NEW),
              clients.failedInWords(Kind.KEEP_ALIVE),
              Scenario.inWords(performed.act().verdicts()),
              performed.graceful().status().name(),
              performed.graceful().reason()));
    }
    return TextTable.of(rows);
  }

  private void write(String version, List<Performed> acts) throws IOException {
    ClientStats control = controlled(acts);
    var result = new LinkedHashMap<String, Object>();
    result.put("kubernetes", version);
    var controlResult = new LinkedHashMap<String, Object>();
    controlResult.put("requests", control.requests());
    controlResult.put("failed", control.failedCount());
    result.put("control", controlResult);
    result.put("voids", voids);
    result.put("acts", acts.stream().map(Demo::asJson).toList());
    Files.createDirectories(RESULT.toAbsolutePath().getParent());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(RESULT.toFile(), result);
  }

  private static Map<String, Object> asJson(Performed performed) {
    ClientStats clients = performed.act().clients();
    var requests = new LinkedHashMap<String, Object>();
    var failed = new LinkedHashMap<String, Object>();
    for (Kind kind : Kind.values()) {
      requests.put(kind.logName(), clients.requests(kind));
      failed.put(kind.logName(), new TreeMap<>(clients.failed(kind)));
    }
    var act = new LinkedHashMap<String, Object>();
    act.put("name", performed.scene().appName);
    act.put("protected", performed.scene().isProtected());
    act.put("rollouts", performed.act().rollouts().size());
    act.put("newPerSecond", performed.rate().newPerSecond());
    act.put("keepAlivePerSecond", performed.rate().keepAlivePerSecond());
    act.put("requests", requests);
    act.put("failed", failed);
    act.put("verdicts", performed.act().verdicts());
    act.put("graceful", performed.graceful().status().name());
    act.put("reason", performed.graceful().reason());
    return act;
  }
}

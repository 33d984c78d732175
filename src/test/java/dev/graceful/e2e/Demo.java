package dev.graceful.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.graceful.api.v1alpha1.Apply;
import dev.graceful.api.v1alpha1.Condition;
import dev.graceful.e2e.Tally.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The main job to look at: an app that drops requests in each rollout, what a policy changes in
 * that, and what an app that ends well makes of it. Fails if it does not show what it is to show.
 */
public final class Demo {

  private static final int REPLICAS = 4;
  private static final int ROLLOUTS = 3;
  private static final int PROPAGATION_SECONDS = 5;
  private static final int DRAIN_SECONDS = 20;
  private static final int FEWEST_REQUESTS_OF_DRAIN = 20_000;
  private static final Traffic.Rate RATE = new Traffic.Rate(350, 150);

  /** A client that is late by that much may have timed out by its own fault. */
  private static final long BUSY_MILLIS = 1_000;

  private static final Path RESULT = Path.of("build", "demo.json");

  private static final Policy OBSERVE = new Policy(Apply.Never, PROPAGATION_SECONDS, DRAIN_SECONDS);
  private static final Policy PROTECT =
      new Policy(Apply.Immediately, PROPAGATION_SECONDS, DRAIN_SECONDS);

  private final Progress progress = new Progress();
  private final List<String> broken = new ArrayList<>();
  private boolean firstVerdictTold;

  private Demo() {}

  /** Takes no arguments; the cluster is the kubeconfig's. */
  public static void main(String[] args) {
    // Else the libraries complain on the screen, in lines that mean nothing to whoever watches.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    System.setProperty("io.netty.noUnsafe", "true");
    int exitCode = 1;
    try (var cluster = Cluster.connect()) {
      try {
        exitCode = new Demo().run(cluster);
      } finally {
        cluster.cleanUp();
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("The demo broke off: " + e.getMessage());
      e.printStackTrace();
    }
    System.exit(exitCode);
  }

  private int run(Cluster cluster) throws IOException {
    String version = cluster.kubernetesVersion();
    progress.say("Kubernetes " + version + ". Bringing up the apps and their clients.");
    try (var control =
            Control.deploy(cluster, "control", Workload.Shape.of(Pattern.TEXTBOOK, REPLICAS));
        var unprotected = deploy(cluster, "act-1", Pattern.TEXTBOOK, control);
        var textbook = deploy(cluster, "act-2", Pattern.TEXTBOOK, control);
        var drain = deploy(cluster, "act-3", Pattern.DRAIN, control)) {
      progress.say("Installing the operator with Helm.");
      progress.say(
          "The operator was ready after " + Progress.seconds(Installation.install()) + ".");
      control.awaitReady(progress);

      List<Performed> acts =
          List.of(
              perform("textbook", unprotected, OBSERVE),
              perform("textbook", textbook, PROTECT),
              perform("drain", drain, PROTECT));
      check(acts, control.total());

      progress.print("");
      progress.print(table(acts));
      progress.print("control, the same load at the same time, never rolled: " + control.total());
      progress.print("the clients themselves were late by at most " + latestMillis(acts) + " ms");
      progress.print("");
      progress.print("$ kubectl get gracefulpolicies,deploymentprotections,terminationreports -A");
      progress.print(
          CommandLine.run(
              "kubectl", "get", "gracefulpolicies,deploymentprotections,terminationreports", "-A"));
      write(version, acts, control.total());
      progress.print(
          "The figures are in " + RESULT + ", the raw logs of all requests in build/e2e.");
      broken.forEach(line -> progress.print("NOT SHOWN: " + line));
      if (!broken.isEmpty() && latestMillis(acts) > BUSY_MILLIS) {
        progress.print(
            "The clients themselves stood still at times: this machine was too busy with other work.");
      }
      progress.say(broken.isEmpty() ? "The demo shows what it is to show." : "The demo failed.");
      return broken.isEmpty() ? 0 : 1;
    }
  }

  private Act deploy(Cluster cluster, String name, Pattern pattern, Control control) {
    return Act.deploy(cluster, name, Workload.Shape.of(pattern, REPLICAS), RATE, control, progress);
  }

  /** An act at its end. */
  private record Performed(String name, boolean isProtected, Act act, Condition graceful) {

    String title() {
      return name + (isProtected ? ", protected" : ", unprotected");
    }
  }

  private Performed perform(String name, Act act, Policy policy) {
    progress.print("");
    progress.say(
        "Act: %s, %s. %d rollouts of %d pods under %d new connections and %d keep-alive requests a second."
            .formatted(
                name,
                policy.patches() ? "protected" : "unprotected",
                ROLLOUTS,
                REPLICAS,
                RATE.newPerSecond(),
                RATE.keepAlivePerSecond()));
    act.awaitReady();
    progress.print("$ kubectl apply -n " + act.name() + " -f -");
    progress.print(policy.yaml().indent(2).stripTrailing());
    double patchedSeconds = act.apply(policy);
    progress.say(
        policy.patches()
            ? "From kubectl apply to patched: " + Progress.seconds(patchedSeconds) + "."
            : "The policy observes, and changes nothing.");
    for (int i = 0; i < ROLLOUTS; i++) {
      Act.RolloutResult result = act.rollOut();
      if (!firstVerdictTold) {
        firstVerdictTold = true;
        progress.say(
            "From the start of the first rollout to its first verdict: "
                + Progress.seconds(result.firstVerdictSeconds())
                + ".");
      }
    }
    Condition graceful = act.word().condition(Word.TERMINATIONS_GRACEFUL).orElseThrow();
    progress.say("The operator says: " + graceful.status() + ", " + graceful.reason() + ".");
    progress.print(graceful.message().indent(2).stripTrailing());
    return new Performed(name, policy.patches(), act, graceful);
  }

  private static long latestMillis(List<Performed> acts) {
    return acts.stream().mapToLong(each -> each.act().clients().latestMillis()).max().orElse(0);
  }

  private void check(List<Performed> acts, Tally control) {
    expect(
        control.failedCount() == 0,
        "the control had failures (" + control + "): this run is void and shows nothing");
    for (Performed performed : acts) {
      Tally clients = performed.act().clients();
      expect(
          control.requests() >= clients.requests(),
          performed.title() + ": the control was smaller than the act");
      if (!performed.isProtected()) {
        checkUnprotected(performed);
        continue;
      }
      expect(
          clients.failedCount(Kind.NEW) == 0,
          performed.title() + ": new connections failed: " + clients.failedInWords(Kind.NEW));
    }
    checkDrain(acts.getLast());
  }

  private void checkUnprotected(Performed performed) {
    List<Act.RolloutResult> rollouts = performed.act().rollouts();
    for (int i = 0; i < rollouts.size(); i++) {
      String rollout = performed.title() + ", rollout " + (i + 1);
      expect(
          rollouts.get(i).clients().failedCount(Kind.NEW) > 0,
          rollout + ": no new connection failed");
      Condition graceful = rollouts.get(i).graceful();
      expect(
          graceful != null && graceful.status() == Condition.Status.False,
          rollout + ": its report does not call it violated");
    }
    expect(
        performed.graceful().status() == Condition.Status.False,
        performed.title() + ": TerminationsGraceful is not False");
  }

  private void checkDrain(Performed performed) {
    Tally clients = performed.act().clients();
    expect(clients.failedCount() == 0, performed.title() + ": requests failed: " + clients);
    expect(
        clients.requests() >= FEWEST_REQUESTS_OF_DRAIN,
        performed.title() + ": only " + clients.requests() + " requests were sent");
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
            "REQUESTS",
            "FAILED NEW",
            "FAILED KEEP-ALIVE",
            "VERDICTS",
            "GRACEFUL",
            "REASON"));
    for (Performed performed : acts) {
      Tally clients = performed.act().clients();
      rows.add(
          List.of(
              performed.title(),
              String.valueOf(performed.act().rollouts().size()),
              String.format(Locale.ROOT, "%,d", clients.requests()),
              clients.failedInWords(Kind.NEW),
              clients.failedInWords(Kind.KEEP_ALIVE),
              Act.inWords(performed.act().verdicts()),
              performed.graceful().status().name(),
              performed.graceful().reason()));
    }
    return TextTable.of(rows);
  }

  private static void write(String version, List<Performed> acts, Tally control)
      throws IOException {
    var result = new LinkedHashMap<String, Object>();
    result.put("kubernetes", version);
    var controlResult = new LinkedHashMap<String, Object>();
    controlResult.put("requests", control.requests());
    controlResult.put("failed", control.failedCount());
    result.put("control", controlResult);
    result.put("acts", acts.stream().map(Demo::asJson).toList());
    Files.createDirectories(RESULT.toAbsolutePath().getParent());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(RESULT.toFile(), result);
  }

  private static Map<String, Object> asJson(Performed performed) {
    Tally clients = performed.act().clients();
    var requests = new LinkedHashMap<String, Object>();
    var failed = new LinkedHashMap<String, Object>();
    for (Kind kind : Kind.values()) {
      requests.put(kind.logName(), clients.requests(kind));
      failed.put(kind.logName(), new TreeMap<>(clients.failed(kind)));
    }
    var act = new LinkedHashMap<String, Object>();
    act.put("name", performed.name());
    act.put("protected", performed.isProtected());
    act.put("rollouts", performed.act().rollouts().size());
    act.put("requests", requests);
    act.put("failed", failed);
    act.put("verdicts", performed.act().verdicts());
    act.put("graceful", performed.graceful().status().name());
    act.put("reason", performed.graceful().reason());
    return act;
  }
}

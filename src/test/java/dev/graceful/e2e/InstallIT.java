package dev.graceful.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README tells people to type, typed as it stands there: in a clean checkout, from the
 * image to the first verdict, where the operator is not installed and the application is there
 * already. One line is replaced: how an image comes to the nodes is each cluster's own.
 */
final class InstallIT {

  private static final String NAMESPACE = "e2e-readme";
  private static final String SECOND = "second";
  private static final String TO_A_NODE_OF_KIND = "kind load image-archive ";

  /** Grace period of the pods, and what the operator takes after the last of them. */
  private static final Duration VERDICT = Duration.ofMinutes(2);

  private final Progress progress = new Progress();
  private final Cluster cluster = Cluster.connect();
  private boolean wasInstalled;

  @BeforeEach
  void takeTheOperatorAway() {
    Installation.refuseAnothers();
    wasInstalled = Installation.isInstalled();
    Installation.uninstall();
    CommandLine.run(
        "bash", "-c", "kubectl get crd -o name | grep -F .graceful.dev | xargs -r kubectl delete");
  }

  @AfterEach
  void leaveItAsItWas() {
    CommandLine.run(
        "helm", "uninstall", SECOND, "--namespace", Installation.NAMESPACE, "--ignore-not-found");
    Installation.uninstall();
    if (wasInstalled) {
      Installation.install();
    }
    cluster.client().namespaces().withName(NAMESPACE).delete();
    cluster.close();
  }

  @Test
  void theCommandsOfTheReadmeLeadToAVerdict(@TempDir Path folder) throws IOException {
    cluster.createNamespace(NAMESPACE);
    var shape = Workload.Shape.of(Pattern.TEXTBOOK, 3);
    try (Workload workload = Workload.deploy(cluster, NAMESPACE, shape)) {
      workload.awaitSettled(progress);
      // Labelling it is for the README to tell.
      Workload.LABELS.keySet().forEach(label -> unlabel(workload.app(), label));
      Path checkout = cleanCheckout(folder.resolve("checkout"));
      var environment = Map.of("KUBECONFIG", kubeconfig(folder.resolve("kubeconfig")).toString());

      List<String> install = commands("Install");
      assertThat(install.getFirst()).startsWith("make image\n");
      assertThat(String.join("\n", install)).containsOnlyOnce(TO_A_NODE_OF_KIND);
      for (String block : install) {
        type(block.replace(TO_A_NODE_OF_KIND, loader() + " "), checkout, environment);
      }

      List<String> firstPolicy = commands("The first policy");
      for (String block : firstPolicy.subList(0, firstPolicy.size() - 1)) {
        type(block, checkout, environment);
      }
      String verdict = firstPolicy.getLast();
      assertThat(verdict).startsWith("kubectl get ").doesNotContain("\n");
      // Nothing keeps connections to it, so it ends at once, and stops serving before clients know.
      progress.await(
          "the verdict in what '" + verdict + "' prints",
          VERDICT,
          () ->
              Optional.of(CommandLine.type(verdict, checkout, environment))
                  .filter(InstallIT::showsTheVerdict)
                  .map(this::show));
    }
  }

  /** Two would refuse each other's records. */
  @Test
  void aSecondReleaseIsRefused() {
    Installation.install("replicas=0");

    assertThatThrownBy(InstallIT::installASecond)
        .hasMessageContaining(
            "the release graceful-operator in the namespace graceful-system has this chart already")
        .hasMessageContaining("helm uninstall graceful-operator --namespace graceful-system");
    assertThat(CommandLine.run("kubectl", "get", "validatingadmissionpolicies", "-o", "name"))
        .contains("/graceful-operator-records")
        .doesNotContain(SECOND);
    // The same release may be changed.
    Installation.install("replicas=0", "logLevel=DEBUG");
  }

  /** Without CRDs, as those of the first would stand in its way too. */
  private static void installASecond() {
    CommandLine.run(
        "helm",
        "install",
        SECOND,
        "helm/graceful-operator",
        "--namespace",
        Installation.NAMESPACE,
        "--set",
        "crds.install=false,replicas=0,image.repository=localhost/graceful-operator");
  }

  private static void unlabel(App app, String label) {
    app.kubectl("label", "deployment", app.name(), label + "-");
  }

  /** On the protection's line and on the report's. */
  private static boolean showsTheVerdict(String table) {
    return table.lines().filter(line -> line.contains("StoppedServingEarly")).count() >= 2
        && table
            .lines()
            .anyMatch(line -> line.startsWith("terminationreport") && line.contains("False"));
  }

  private void type(String lines, Path folder, Map<String, String> environment) {
    long started = System.nanoTime();
    show(CommandLine.type(lines, folder, environment));
    progress.say(
        "typed within " + Progress.seconds(Progress.secondsSince(started)) + ":\n" + lines);
  }

  private String show(String output) {
    progress.print(output);
    return output;
  }

  /** The shell blocks of one section, in order. */
  private static List<String> commands(String heading) throws IOException {
    String section =
        java.util.regex.Pattern.compile("(?ms)^## \\Q" + heading + "\\E$(.*?)(?=^## |\\z)")
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(result -> result.group(1))
            .findFirst()
            .orElseThrow(() -> new AssertionError("README.md has no section " + heading));
    List<String> blocks =
        java.util.regex.Pattern.compile("(?ms)^```sh\n(.*?)\n```$")
            .matcher(section)
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    assertThat(blocks).as("the commands of the section " + heading).isNotEmpty();
    return blocks;
  }

  /** What git has of this checkout, changed or not, and nothing that was built. */
  private static Path cleanCheckout(Path folder) throws IOException {
    Files.createDirectory(folder);
    CommandLine.type(
        "git ls-files -z --cached --others --exclude-standard"
            + " | tar --create --null --files-from=- | tar --extract --directory=\"$TO\"",
        Path.of("").toAbsolutePath(),
        Map.of("TO", folder.toString()));
    return folder;
  }

  /** That of the cluster, of somebody who works in the application's namespace. */
  private static Path kubeconfig(Path file) throws IOException {
    Files.writeString(file, CommandLine.run("kubectl", "config", "view", "--raw", "--flatten"));
    CommandLine.run(
        "kubectl",
        "--kubeconfig=" + file,
        "config",
        "set-context",
        "--current",
        "--namespace=" + NAMESPACE);
    return file;
  }

  private static Path loader() {
    return Path.of("e2e", "images", "load.sh").toAbsolutePath();
  }
}

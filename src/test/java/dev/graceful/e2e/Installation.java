package dev.graceful.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The operator, as Helm installs it. */
final class Installation {

  static final String NAMESPACE = "graceful-system";
  static final String RELEASE = "graceful-operator";
  private static final Path CHART = Path.of("helm", "graceful-operator");

  private static boolean installed;

  private Installation() {}

  /**
   * Installs or changes the operator and waits until it is ready.
   *
   * @param settings Helm's, each as {@code name=value}
   * @return after how many seconds it was ready
   */
  static double install(String... settings) {
    refuseAnothers();
    var command =
        new ArrayList<String>(
            List.of(
                "helm",
                "upgrade",
                "--install",
                RELEASE,
                CHART.toString(),
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                // Settings of an earlier test must not stay.
                "--reset-values",
                "--wait",
                "--timeout",
                "10m"));
    command.add("--set");
    command.add("image.repository=" + repository());
    for (String setting : settings) {
      // What the container's environment is given has to stay a string, also where it is a number.
      command.add(setting.startsWith("replicas=") ? "--set" : "--set-string");
      command.add(setting);
    }
    long started = System.nanoTime();
    CommandLine.run(command, "");
    return Progress.secondsSince(started);
  }

  /** Without a registry, the image has the name that it was built with. */
  private static String repository() {
    String prefix = Cluster.imagePrefix();
    return (prefix.isEmpty() ? "localhost/" : prefix) + RELEASE;
  }

  /** What somebody else installed is not for the tests to change, nor to remove at their end. */
  static void refuseAnothers() {
    if (installed) {
      return;
    }
    String releases = releases();
    if (!Cluster.isOwn() && !releases.isEmpty()) {
      throw new IllegalStateException(
          "the cluster has a Helm release in %s already (%s): uninstall it first, or use another cluster"
              .formatted(NAMESPACE, releases));
    }
    installed = true;
  }

  static boolean isInstalled() {
    return releases().lines().anyMatch(RELEASE::equals);
  }

  private static String releases() {
    return CommandLine.run("helm", "list", "--short", "--namespace", NAMESPACE).strip();
  }

  static void uninstall() {
    CommandLine.run(
        "helm", "uninstall", RELEASE, "--namespace", NAMESPACE, "--ignore-not-found", "--wait");
  }
}

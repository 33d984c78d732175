package dev.graceful.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The operator, as Helm installs it. */
final class Installation {

  static final String NAMESPACE = "graceful-system";
  static final String RELEASE = "graceful-operator";
  private static final Path CHART = Path.of("helm", "graceful-operator");

  private Installation() {}

  /**
   * Installs or changes the operator and waits until it is ready.
   *
   * @param settings Helm's, each as {@code name=value}
   * @return after how many seconds it was ready
   */
  static double install(String... settings) {
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
                "3m"));
    command.add("--set");
    command.add("image.repository=" + Cluster.image("graceful-operator"));
    for (String setting : settings) {
      command.add("--set-string");
      command.add(setting);
    }
    long started = System.nanoTime();
    CommandLine.run(command, "");
    return Progress.secondsSince(started);
  }

  static void uninstall() {
    CommandLine.run(
        "helm", "uninstall", RELEASE, "--namespace", NAMESPACE, "--ignore-not-found", "--wait");
  }
}

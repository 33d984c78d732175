package dev.graceful.owners;

import dev.graceful.owners.Tools.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The tools that Deployments are owned by. */
enum Owner {
  APPLY("kubectl apply") {
    @Override
    Said create(Tools tools, String namespace, Path folder, Wanted wanted) {
      return kubectl(tools, namespace, "apply", "-f", write(folder, wanted));
    }

    @Override
    Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted) {
      return create(tools, namespace, folder, wanted);
    }
  },
  SERVER_SIDE_APPLY("kubectl apply --server-side") {
    @Override
    Said create(Tools tools, String namespace, Path folder, Wanted wanted) {
      return kubectl(tools, namespace, "apply", "--server-side", "-f", write(folder, wanted));
    }

    @Override
    Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted) {
      return create(tools, namespace, folder, wanted);
    }
  },
  REPLACE("kubectl replace") {
    @Override
    Said create(Tools tools, String namespace, Path folder, Wanted wanted) {
      return kubectl(tools, namespace, "create", "-f", write(folder, wanted));
    }

    @Override
    Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted) {
      return kubectl(tools, namespace, "replace", "-f", write(folder, wanted));
    }
  },
  PATCH("kubectl patch") {
    @Override
    Said create(Tools tools, String namespace, Path folder, Wanted wanted) {
      return kubectl(tools, namespace, "create", "-f", write(folder, wanted));
    }

    // What somebody changes by hand, and nothing else.
    @Override
    Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted) {
      String container = "/spec/template/spec/containers/0";
      List<String> operations = new ArrayList<>();
      // Always, as a patch has to say something.
      operations.add(set("add", container + "/image", '"' + wanted.imageName() + '"'));
      if (!wanted.container().equals(before.container())) {
        operations.add(set("replace", container + "/name", '"' + wanted.container() + '"'));
      }
      if (wanted.replicas() != before.replicas()) {
        operations.add(set("replace", "/spec/replicas", "" + wanted.replicas()));
      }
      if (!wanted.note().equals(before.note())) {
        operations.add(
            set("replace", "/spec/template/metadata/annotations/note", '"' + wanted.note() + '"'));
      }
      if (!Objects.equals(wanted.ownHook(), before.ownHook())) {
        operations.add(
            set(
                "add",
                container + "/lifecycle",
                "{\"preStop\":{\"exec\":{\"command\":[\"sleep\",\"%d\"]}}}"
                    .formatted(wanted.ownHook())));
      }
      if (!Objects.equals(wanted.graceSeconds(), before.graceSeconds())) {
        operations.add(
            set(
                "add",
                "/spec/template/spec/terminationGracePeriodSeconds",
                "" + wanted.graceSeconds()));
      }
      if (wanted.skip() != before.skip()) {
        operations.add(set("add", "/metadata/labels/graceful.dev~1skip", "\"true\""));
      }
      return kubectl(
          tools,
          namespace,
          "patch",
          "deployment",
          Wanted.NAME,
          "--type=json",
          "--patch=[" + String.join(",", operations) + "]");
    }
  },
  HELM_3("Helm 3") {
    @Override
    Said create(Tools tools, String namespace, Path folder, Wanted wanted) {
      return helm(tools, "helm3", namespace, "install", folder, wanted);
    }

    @Override
    Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted) {
      return helm(tools, "helm3", namespace, "upgrade", folder, wanted);
    }
  },
  HELM_4("Helm 4") {
    @Override
    Said create(Tools tools, String namespace, Path folder, Wanted wanted) {
      return helm(tools, "helm", namespace, "install", folder, wanted);
    }

    @Override
    Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted) {
      return helm(tools, "helm", namespace, "upgrade", folder, wanted);
    }
  };

  private final String words;

  Owner(String words) {
    this.words = words;
  }

  /** As the rows have it. */
  String words() {
    return words;
  }

  /** Makes the Service and the Deployment. */
  abstract Said create(Tools tools, String namespace, Path folder, Wanted wanted);

  /** Makes what is there as it is wanted. */
  abstract Said change(Tools tools, String namespace, Path folder, Wanted before, Wanted wanted);

  boolean isHelm() {
    return this == HELM_3 || this == HELM_4;
  }

  /** Back to an earlier revision, by kubectl, whoever the owner is. */
  Said undo(Tools tools, String namespace, List<String> options) {
    List<String> command = new ArrayList<>(List.of("rollout", "undo", "deployment/" + Wanted.NAME));
    command.addAll(options);
    return kubectl(tools, namespace, command.toArray(String[]::new));
  }

  /** Back to the release before. */
  Said rollBack(Tools tools, String namespace) {
    return tools.run(
        List.of(
            this == HELM_3 ? "helm3" : "helm", "rollback", Wanted.NAME, "--namespace", namespace));
  }

  private static Said kubectl(Tools tools, String namespace, String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--namespace", namespace));
    command.addAll(List.of(arguments));
    return tools.run(command);
  }

  private static Said helm(
      Tools tools, String program, String namespace, String verb, Path folder, Wanted wanted) {
    try {
      Files.createDirectories(folder.resolve("templates"));
      Files.writeString(
          folder.resolve("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
      Files.writeString(folder.resolve("templates/web.yaml"), wanted.yaml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tools.run(
        List.of(program, verb, Wanted.NAME, folder.toString(), "--namespace", namespace));
  }

  private static String write(Path folder, Wanted wanted) {
    try {
      Path file = Files.createDirectories(folder).resolve("web.yaml");
      Files.writeString(file, wanted.yaml());
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String set(String operation, String path, String value) {
    return "{\"op\":\"%s\",\"path\":\"%s\",\"value\":%s}".formatted(operation, path, value);
  }
}

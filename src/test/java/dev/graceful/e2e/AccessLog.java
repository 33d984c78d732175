package dev.graceful.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the apps themselves say of who asked them: their standard output, from their start on. Each
 * log comes on a connection of its own, so that the end of one takes no other request with it.
 */
final class AccessLog implements AutoCloseable {

  /** The columns are told in {@code e2e/apps/README.md}. */
  private static final String LINE = "access";

  private static final int COLUMNS = 7;

  private record Followed(Pod pod, ByteArrayOutputStream output, LogWatch watch) {}

  private final KubernetesClient client = Cluster.clientOfConnectionsApart();
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();

  /** Follows these pods too; those that are followed already stay so. */
  void follow(List<Pod> pods) {
    for (Pod pod : pods) {
      followed.computeIfAbsent(
          pod.getMetadata().getUid(),
          _ -> {
            var output = new ByteArrayOutputStream();
            return new Followed(pod, output, client.pods().resource(pod).watchLog(output));
          });
    }
  }

  /** Until these pods, which are gone, have said all that they had to say. */
  void awaitEnd(Set<String> uids, Progress progress) {
    progress.until(
        "the end of the logs of " + uids.size() + " pods",
        Progress.PATIENCE,
        () ->
            uids.stream()
                .map(uid -> Objects.requireNonNull(followed.get(uid), uid + " is not followed"))
                .allMatch(each -> each.watch().onClose().toCompletableFuture().isDone()));
  }

  /** How many requests and bare connections each of these pods got from an address. */
  Map<String, Integer> from(String address, Instant since, Instant until) {
    Map<String, Integer> counts = new HashMap<>();
    followed.forEach(
        (uid, each) ->
            counts.put(
                uid,
                (int)
                    each.output()
                        .toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> isFrom(line.split("\t", -1), address, since, until))
                        .count()));
    return counts;
  }

  private static boolean isFrom(String[] line, String address, Instant since, Instant until) {
    if (line.length != COLUMNS || !line[0].equals(LINE)) {
      return false;
    }
    Instant at = Instant.ofEpochMilli(Long.parseLong(line[1]));
    return line[COLUMNS - 1].startsWith(address + ":") && !at.isBefore(since) && at.isBefore(until);
  }

  @Override
  public void close() {
    followed.values().forEach(each -> each.watch().close());
    client.close();
  }
}

package dev.graceful.judge.hint;

import dev.graceful.facts.Exit;
import dev.graceful.judge.ContainerEnd;
import dev.graceful.judge.ContainerEnd.Role;
import dev.graceful.judge.Ending;
import dev.graceful.judge.Evidence;
import dev.graceful.judge.finding.HookFailed;
import java.util.Optional;

/**
 * Something failed at the end of a container that serves no port of a Service.
 *
 * @param what what it did, as the rest of a sentence
 */
public record OtherContainerFailed(String container, String what) implements Hint {

  /** By its exit code. The finding names the container that it is about. */
  public static Optional<OtherContainerFailed> atItsEnd(Evidence evidence) {
    Ending ending = evidence.timeline().ending();
    if (ending == null || !evidence.mayHaveClients() || evidence.forced()) {
      return Optional.empty();
    }
    String judged = evidence.end().map(end -> end.container()).orElse("");
    return ending.containers().stream()
        .filter(each -> each.role() != Role.Serves && !each.name().equals(judged))
        .filter(ContainerEnd::isFailure)
        .findFirst()
        .map(
            each ->
                new OtherContainerFailed(
                    each.name(), "ended with exit code " + Exit.shown(each.exit().code())));
  }

  /** By the kubelet's word on its preStop hook. */
  public static Optional<OtherContainerFailed> inItsHook(Evidence evidence) {
    return Optional.ofNullable(evidence.timeline().hookFailed())
        .filter(hook -> HookFailed.isHelpers(hook, evidence) && evidence.mayHaveClients())
        .map(hook -> new OtherContainerFailed(hook.container(), "has a preStop hook that failed"));
  }

  @Override
  public String message() {
    return "The container "
        + container
        + " "
        + what
        + ". It serves no port of a Service, as far as is declared, and no request was seen to fail"
        + " by that: its log tells more.";
  }
}

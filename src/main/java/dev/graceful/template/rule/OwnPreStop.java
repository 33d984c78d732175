package dev.graceful.template.rule;

import dev.graceful.template.Shaping.Reason;
import java.util.List;
import java.util.Optional;

/** Adds nothing where all containers have preStop hooks of their own that may not suffice. */
final class OwnPreStop implements Rule {
  @Override
  public Optional<Draft> apply(Situation s) {
    if (s.ownSleepSuffices() || !s.unhooked().isEmpty()) {
      return Optional.empty();
    }
    List<String> names = Situation.names(s.serving());
    String have =
        names.size() == 1
            ? "Container " + names.getFirst() + " has a preStop hook of its own, which is"
            : "Containers "
                + String.join(", ", names)
                + " have preStop hooks of their own, which are";
    return Draft.leave(
        Reason.OwnPreStop,
        have + " left as it is; whether that is enough is judged at each termination.",
        ToCommit.sleep(s, names));
  }
}

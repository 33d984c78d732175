package dev.graceful.rollout;

import dev.graceful.api.v1alpha1.DeploymentProtectionSpec;
import dev.graceful.facts.Deployments.TemplateChange;
import dev.graceful.report.Assessment;
import dev.graceful.template.Change;
import dev.graceful.template.Journal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator does next about one Deployment. */
public sealed interface Step {

  /** Nothing for now. */
  sealed interface End extends Step {
    /** What the Programmed condition says. */
    Assessment programmed();

    /** When to look again; null: when something changes. */
    @Nullable Duration again();
  }

  /** Nothing until something changes: the decision is carried out as far as it can be. */
  record Rest(Assessment programmed) implements End {
    @Override
    public @Nullable Duration again() {
      return null;
    }
  }

  /** Nothing yet: something holds the decision back. */
  record Wait(Assessment programmed, @Nullable Duration again) implements End {}

  /** Writes the record of the Deployment. */
  record Save(DeploymentProtectionSpec spec) implements Step {}

  /** Writes the journal of the Deployment. */
  record SaveJournal(Journal journal) implements Step {}

  /** Drops changes of the template by others: the journal counts the reverts among them by now. */
  record DropChanges(List<TemplateChange> changes) implements Step {}

  /** Gives up the ownership of fields that an earlier write left behind. */
  record LetGo() implements Step {}

  /** Asks for a place at the MutatingAdmissionPolicy, or gives it back. */
  record AskPlace() implements Step {}

  /** Tells the queue whether the operator's write is being rolled out. */
  record TellQueue() implements Step {}

  /** Asks the queue for a turn. */
  record AskTurn() implements Step {}

  /** Asks the API server whether it would take a change. */
  record DryRun(Change change) implements Step {}

  /** Writes a change into the pod template. */
  record Write(Change change) implements Step {}
}

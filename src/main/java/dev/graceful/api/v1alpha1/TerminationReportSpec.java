package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Which revision a report is about. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TerminationReportSpec(
    @Required
        @Size(min = 1, max = PrintableText.NAME)
        @JsonPropertyDescription("The Deployment's name.")
        String deployment,
    @Required
        @Size(min = 1, max = PrintableText.WORD)
        @JsonPropertyDescription("The uid of the revision's ReplicaSet.")
        String replicaSetUid,
    @Required
        @Min(0)
        @JsonPropertyDescription("The Deployment's revision when the report was begun.")
        long revision) {

  public TerminationReportSpec {
    deployment = PrintableText.of(deployment, PrintableText.NAME);
    replicaSetUid = PrintableText.of(replicaSetUid, PrintableText.WORD);
  }
}

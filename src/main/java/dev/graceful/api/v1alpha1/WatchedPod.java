package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A pod that is known and not yet judged. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchedPod(
    @Required @Size(min = 1, max = PrintableText.NAME) @JsonPropertyDescription("The pod's name.")
        String name,
    @Required
        @Size(min = 1, max = PrintableText.WORD)
        @JsonPropertyDescription("The first 13 characters of the pod's uid.")
        String uid) {

  public WatchedPod {
    name = PrintableText.of(name, PrintableText.NAME);
    uid = PrintableText.of(uid, PrintableText.WORD);
  }
}

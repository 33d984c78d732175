package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A policy of the same namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyRef(
    @Required
        @Size(min = 1, max = PrintableText.NAME)
        @JsonPropertyDescription("The policy's name.")
        String name,
    @Required @Size(min = 1, max = PrintableText.WORD) @JsonPropertyDescription("The policy's uid.")
        String uid) {

  public PolicyRef {
    name = PrintableText.of(name, PrintableText.NAME);
    uid = PrintableText.of(uid, PrintableText.WORD);
  }
}

package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * The longer preStop sleep of the containers that serve no port of a Service.
 *
 * @param containers some of those that get a sleep
 */
public record LongerSleep(
    @Required @Size(max = 64) @JsonPropertyDescription("The containers that sleep longer.")
        List<String> containers,
    @Required @Min(1) @Max(303) @JsonPropertyDescription("Their preStop sleep in seconds.")
        int sleepSeconds) {

  public LongerSleep {
    containers = PrintableText.each(containers);
  }
}

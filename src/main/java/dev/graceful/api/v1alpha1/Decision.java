package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operator's values for a Deployment's pod template.
 *
 * @param containers none where sleepSeconds is 0
 * @param readinessProbe with a numeric port; null: none is given
 * @param readinessContainers null where there is no readinessProbe
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decision(
    @Required
        @Size(max = 64)
        @JsonPropertyDescription("The containers that get the preStop sleep: those that serve.")
        List<String> containers,
    @Required
        @Min(0)
        @Max(301)
        @JsonPropertyDescription("The preStop sleep in seconds. 0: no hook.")
        int sleepSeconds,
    @Required
        @Min(0)
        @JsonPropertyDescription("The termination grace period in seconds, the sleep included.")
        long terminationGracePeriodSeconds,
    @JsonPropertyDescription("The readiness probe for containers that have none.")
        @Nullable ReadinessProbe readinessProbe,
    @Size(max = 64) @JsonPropertyDescription("The containers that get the readiness probe.")
        @Nullable List<String> readinessContainers) {

  public Decision {
    containers = PrintableText.each(containers);
    readinessContainers = PrintableText.eachOrNull(readinessContainers);
  }

  /** A decision without a readiness probe. */
  public Decision(List<String> containers, int sleepSeconds, long terminationGracePeriodSeconds) {
    this(containers, sleepSeconds, terminationGracePeriodSeconds, null, null);
  }
}

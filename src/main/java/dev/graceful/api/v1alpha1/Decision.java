package dev.graceful.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** What is written into a Deployment's pod template. */
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
        @Max(3901)
        @JsonPropertyDescription("The termination grace period in seconds, the sleep included.")
        int terminationGracePeriodSeconds) {}

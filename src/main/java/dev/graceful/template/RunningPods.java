package dev.graceful.template;

import dev.graceful.facts.ClientPorts;
import java.util.List;

/**
 * What is known of a Deployment's pods besides its template.
 *
 * @param ports how EndpointSlices lead clients to them
 * @param injected the containers that they have, and the template has not, by name; those without a
 *     preStop hook
 */
public record RunningPods(ClientPorts ports, List<String> injected) {}

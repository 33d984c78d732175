package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import java.util.List;

/**
 * One revision, as its report needs it.
 *
 * @param watchedPods its pods that are known and not concluded, by name
 * @param terminating how many of them are terminating
 * @param concluded terminations that are not published yet
 * @param publishedBefore whether any were published since the operator started
 */
public record RevisionHistories(
    RevisionFacts facts,
    List<PodRef> watchedPods,
    int terminating,
    List<History> concluded,
    boolean publishedBefore) {}

package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One revision, as its report needs it.
 *
 * @param watchedPods its pods that are known and not concluded, by name
 * @param terminating those of them that are terminating, by name
 * @param concluded terminations that are not published yet
 * @param publishedAt when its report was last written since the operator started or, after the
 *     start, needed no write; null: not yet
 */
public record RevisionHistories(
    RevisionFacts facts,
    List<PodRef> watchedPods,
    List<PodRef> terminating,
    List<History> concluded,
    @Nullable Tick publishedAt) {}

package dev.graceful.evidence;

import dev.graceful.facts.PodRef;
import dev.graceful.facts.RevisionFacts;
import dev.graceful.facts.UnfitPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One revision, as its report needs it.
 *
 * @param watchedPods its pods that are known and not concluded, by name
 * @param terminating those of them that are terminating, by name
 * @param concluded terminations that are not published yet
 * @param unfit what is not requested of its pods, as one answered it badly; null: there is none
 * @param publishedAt when its report was last written since the operator started or, after the
 *     start, needed no write; null: not yet
 */
public record RevisionHistories(
    RevisionFacts facts,
    List<PodRef> watchedPods,
    List<PodRef> terminating,
    List<History> concluded,
    @Nullable UnfitPath unfit,
    @Nullable Tick publishedAt) {}

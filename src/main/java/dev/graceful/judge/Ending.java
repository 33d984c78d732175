package dev.graceful.judge;

import dev.graceful.facts.Exit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pod's serving containers.
 *
 * @param seenMillis when their end was seen, in milliseconds since the deletion was seen; they had
 *     ended by then
 * @param exit null if the pod was gone before its status told
 * @param proxyEndedFirst the name of a container that clients reach the app through, and that ended
 *     a second or more before the app; null: none
 */
public record Ending(long seenMillis, @Nullable Exit exit, @Nullable String proxyEndedFirst) {}

package dev.graceful.observe;

import org.jspecify.annotations.Nullable;

/**
 * The end of a pod's serving containers.
 *
 * @param seenMillis when their end was seen, in milliseconds since the deletion was seen; they had
 *     ended by then
 * @param exit null if the pod was gone before its status told
 */
public record Ending(long seenMillis, @Nullable Exit exit) {}

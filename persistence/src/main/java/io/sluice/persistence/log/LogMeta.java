package io.sluice.persistence.log;

/**
 * What {@code log.meta} says of a log besides its id.
 *
 * @param kind what it holds, null while nothing was appended
 * @param replicated whether this is one copy of several, which may not go on without its promises
 */
record LogMeta(EntryBatch.Kind kind, boolean replicated) {}

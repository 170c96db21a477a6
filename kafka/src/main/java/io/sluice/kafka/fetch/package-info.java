/**
 * Consuming: Fetch, ListOffsets, OffsetForLeaderEpoch. A Fetch goes from {@link io.sluice.kafka.fetch.FetchHandler} to a
 * {@link io.sluice.kafka.fetch.FetchSessions session}, and is answered by one or more passes over its partitions
 * ({@link io.sluice.kafka.fetch.FetchPass}), between which it waits ({@link io.sluice.kafka.fetch.FetchWait}).
 */
package io.sluice.kafka.fetch;

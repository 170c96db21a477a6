package io.sluice.kafka.fetch;

import java.time.Duration;

/**
 * Bounds on fetching.
 *
 * @param responseBytesMax no response is larger ({@code fetch.max.bytes} of the node), but for a first batch that is larger alone
 * @param sessions incremental fetch sessions the node keeps ({@code max.incremental.fetch.session.cache.slots})
 * @param sessionPartitions partitions of all those sessions together
 * @param sessionIdle a session unused for so long gives way to a new one when there is no other room
 */
public record FetchSettings(int responseBytesMax, int sessions, int sessionPartitions, Duration sessionIdle) {

    /** The defaults. */
    public static final FetchSettings DEFAULTS = new FetchSettings(55 << 20, 1000, 1_000_000, Duration.ofMinutes(2));

    public FetchSettings {
        if (responseBytesMax < 1024) {
            throw new IllegalArgumentException("responseBytesMax is " + responseBytesMax + ", must be at least 1024");
        }
        if (sessions < 0 || sessionPartitions < 0) {
            throw new IllegalArgumentException("sessions and sessionPartitions must be at least 0");
        }
    }
}

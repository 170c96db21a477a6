package io.sluice.persistence.replicated;

import com.typesafe.config.Config;
import io.sluice.persistence.replication.LeaderSettings;

/** Reads how a leader treats its replicas. */
public final class ReplicationSettings {
    private ReplicationSettings() {
    }

    /**
     * Reads {@code sluice.replication}; {@code reference.conf} says what each key means.
     *
     * @throws IllegalArgumentException if a value is not possible
     */
    public static LeaderSettings leading(Config section) {
        return new LeaderSettings(millis(section, "request-timeout"), millis(section, "claim-timeout"),
                millis(section, "leader-heartbeat"), millis(section, "in-sync-lag"),
                Math.toIntExact(section.getBytes("window-bytes")),
                Math.toIntExact(section.getBytes("request-bytes-max")),
                1);
    }

    /**
     * Reads what may be sent to replicas that have to be brought up, in bytes per second.
     *
     * @throws IllegalArgumentException if that is not possible
     */
    public static long catchUpBytesPerSecond(Config section) {
        long bytes = section.getBytes("catch-up-bytes-per-second");
        if (bytes < 1) {
            throw new IllegalArgumentException("sluice.replication.catch-up-bytes-per-second must be at least 1");
        }
        return bytes;
    }

    private static long millis(Config section, String key) {
        long value = section.getDuration(key).toMillis();
        if (value < 1) {
            throw new IllegalArgumentException("sluice.replication." + key + " must be at least 1 ms");
        }
        return value;
    }
}

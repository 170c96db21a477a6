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

    private static long millis(Config section, String key) {
        long value = section.getDuration(key).toMillis();
        if (value < 1) {
            throw new IllegalArgumentException("sluice.replication." + key + " must be at least 1 ms");
        }
        return value;
    }
}

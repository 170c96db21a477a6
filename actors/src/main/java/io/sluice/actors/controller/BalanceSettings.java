package io.sluice.actors.controller;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The settings under {@code sluice.balance}, documented in reference.conf.
 *
 * @param offsetsReplicationFactor replicas that {@code __consumer_offsets} should have
 */
record BalanceSettings(boolean automatic, Duration settle, Duration rebuildAfter, int concurrentMoves,
        int offsetsReplicationFactor) {

    static BalanceSettings of(Config system, int offsetsReplicationFactor) {
        Config own = system.getConfig("sluice.balance");
        return new BalanceSettings(own.getBoolean("automatic"), own.getDuration("settle"),
                own.getDuration("rebuild-after"), own.getInt("concurrent-moves"), offsetsReplicationFactor);
    }
}

package io.sluice.actors.controller;

import com.typesafe.config.Config;
import java.time.Duration;

/** The settings under {@code sluice.controller}, documented in reference.conf. */
record ControllerSettings(int maxPartitionsPerRequest, int snapshotEvery, Duration restartBackoffMin,
        Duration restartBackoffMax, Duration followInterval, Duration registrationTimeout, Duration twinTimeout,
        Duration timeoutMin,
        Duration timeoutMax, int producerIdBlock, Duration replicaReviewInterval, Duration replicaLostAfter,
        Config singleton) {

    static ControllerSettings of(Config system) {
        Config own = system.getConfig("sluice.controller");
        return new ControllerSettings(own.getInt("max-partitions-per-request"), own.getInt("snapshot-every"),
                own.getDuration("restart-backoff-min"), own.getDuration("restart-backoff-max"),
                own.getDuration("follow-interval"), own.getDuration("registration-timeout"),
                own.getDuration("twin-timeout"),
                own.getDuration("timeout-min"), own.getDuration("timeout-max"), own.getInt("producer-id-block"),
                own.getDuration("replica-review-interval"), own.getDuration("replica-lost-after"),
                own.getConfig("cluster").withFallback(system.getConfig("pekko.cluster")));
    }
}

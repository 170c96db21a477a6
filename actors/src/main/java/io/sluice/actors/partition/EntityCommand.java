package io.sluice.actors.partition;

import org.apache.pekko.actor.DeadLetterSuppression;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** What a partition's actor is told besides {@link Activate} and {@link Append}. Never leaves the process. */
enum EntityCommand implements NoSerializationVerificationNeeded, DeadLetterSuppression {
    /** Passivate if nobody used the partition for long. */
    CHECK_IDLE,
    /** Stop once what was begun is stored, and save the state: passivation, hand-off, end of the node. */
    STOP,
    /** Stop once what was begun is stored, and save nothing: the topic is gone. */
    DROP
}

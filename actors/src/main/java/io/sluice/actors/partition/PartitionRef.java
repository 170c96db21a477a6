package io.sluice.actors.partition;

import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Names one partition of one incarnation of a topic.
 *
 * @param topicId the topic's id
 * @param topic the topic's name
 * @param partition number of the partition, from 0
 */
public record PartitionRef(Uuid topicId, String topic, int partition) {

    /** The persistence id of the partition's actor, and so the id of its log. */
    public String persistenceId() {
        return topic + "-" + partition + "@" + topicId;
    }

    /** The partition with this persistence id; empty if it is the id of something else. */
    public static Optional<PartitionRef> ofPersistenceId(String persistenceId) {
        int at = persistenceId.indexOf('@'); // not legal in a topic's name
        int dash = persistenceId.lastIndexOf('-', at);
        if (dash < 1) {
            return Optional.empty();
        }
        try {
            PartitionRef ref = new PartitionRef(Uuid.fromString(persistenceId.substring(at + 1)),
                    persistenceId.substring(0, dash), Integer.parseInt(persistenceId.substring(dash + 1, at)));
            return ref.persistenceId().equals(persistenceId) ? Optional.of(ref) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}

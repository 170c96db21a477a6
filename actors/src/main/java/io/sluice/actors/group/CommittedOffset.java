package io.sluice.actors.group;

/**
 * A committed offset of a group.
 *
 * @param topic name of the topic
 * @param topicId id of the topic, as text; tells it from an earlier topic of the same name
 * @param partition number of the partition
 * @param offset the offset at which the group goes on
 * @param leaderEpoch epoch of the last consumed record, or -1
 * @param metadata the client's text beside it, maybe empty
 * @param committedAtMs when it was committed, ms since the epoch
 */
public record CommittedOffset(String topic, String topicId, int partition, long offset, int leaderEpoch,
        String metadata, long committedAtMs) {

    GroupEvent.TopicPartitionKey key() {
        return new GroupEvent.TopicPartitionKey(topic, partition);
    }
}

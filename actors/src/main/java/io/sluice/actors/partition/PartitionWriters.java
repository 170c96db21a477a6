package io.sluice.actors.partition;

import io.sluice.actors.image.TopicImage;

/** The actors on this node that write partitions' logs, of one kind of topic. Safe for any thread; nothing blocks. */
public interface PartitionWriters {

    /** Whether these actors are the ones for a topic's partitions. */
    boolean write(TopicImage topic);

    /** Has a partition's actor start if it is not up; it claims the log. */
    void start(TopicImage topic, PartitionRef ref);

    /** Has a partition's actor stop, if it is up, once what it began is stored. Whoever needs it next starts it again. */
    void stop(PartitionRef ref);

    /** The same, unless the actor is in this shard: then it goes where the shard goes. */
    void stopOutside(PartitionRef ref, String shardId);
}

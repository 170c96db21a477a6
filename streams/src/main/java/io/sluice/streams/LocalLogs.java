package io.sluice.streams;

import io.sluice.persistence.log.Log;
import org.apache.kafka.common.TopicPartition;

/** The logs of this node, by the names that clients give partitions. Safe for any thread; nothing blocks. */
@FunctionalInterface
public interface LocalLogs {

    /** None: no node runs here. */
    LocalLogs NONE = partition -> null;

    /** The log of a partition that this node leads and has open, or null: then who wants to read it asks the node. Counts as use of the partition. */
    Log led(TopicPartition partition);
}

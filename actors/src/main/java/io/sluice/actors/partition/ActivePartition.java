package io.sluice.actors.partition;

import io.sluice.persistence.log.Log;

/**
 * A partition that can be read here: this node leads it and its actor has recovered, or another does and this is a copy. Readers use the log's view without
 * asking anybody.
 *
 * @param ref which partition
 * @param log its log, open while the partition is active
 * @param leaderEpoch the epoch this leader claimed, or for a copy that of the leader it follows, -1 if it follows none yet
 */
public record ActivePartition(PartitionRef ref, Log log, int leaderEpoch) {}

package io.sluice.actors.partition;

import io.sluice.persistence.log.Log;

/**
 * A partition that this node leads now: its actor has recovered. Readers use the log's view without asking the actor.
 *
 * @param ref which partition
 * @param log its log, open while the partition is active
 * @param leaderEpoch the epoch this leader claimed
 */
public record ActivePartition(PartitionRef ref, Log log, int leaderEpoch) {}

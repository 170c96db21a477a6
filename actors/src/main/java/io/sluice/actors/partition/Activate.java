package io.sluice.actors.partition;

import io.sluice.actors.sharding.EntityEnvelope;

/**
 * Starts a partition's actor; the only message that goes through the shard region. Everything else goes to the actor itself, whose reference it
 * then leaves in the {@link PartitionSlot}.
 *
 * @param entityId the partition's persistence id
 * @param shardId the shard's id
 */
record Activate(String entityId, String shardId) implements EntityEnvelope {}

package io.sluice.actors.partition;

/**
 * Starts a partition's actor; the only message that goes through the shard region. Everything else goes to the actor itself, whose reference it
 * then leaves in the {@link PartitionSlot}.
 *
 * @param persistenceId the entity's id
 * @param shardId the shard's id, see {@link io.sluice.actors.placement.Placement#shardId}
 */
record Activate(String persistenceId, String shardId) {}

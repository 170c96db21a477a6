package io.sluice.actors.group;

import io.sluice.actors.sharding.EntityEnvelope;

/**
 * Starts a coordinator, or tells it that requests wait for it in its {@link Outstanding}; the only message that goes through the shard region. The requests
 * themselves never leave the process, wherever the region takes the coordinator to be at the moment.
 *
 * @param entityId the coordinator's persistence id
 * @param shardId the shard's id
 */
record WakeCoordinator(String entityId, String shardId) implements EntityEnvelope {

    @Override
    public Object content() {
        return GroupCommand.Tick.WAKE;
    }
}

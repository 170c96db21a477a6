package io.sluice.actors.sharding;

/** A message that a shard region brings to its entity. */
public interface EntityEnvelope {

    /** The entity's id, which is its persistence id. */
    String entityId();

    /** The shard's id, see {@link io.sluice.actors.placement.Placement#shardId}. */
    String shardId();

    /** What the entity gets. */
    default Object content() {
        return this;
    }
}

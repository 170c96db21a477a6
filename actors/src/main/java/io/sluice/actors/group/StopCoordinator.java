package io.sluice.actors.group;

import io.sluice.actors.sharding.EntityEnvelope;
import org.apache.pekko.actor.PoisonPill;

/** Has a coordinator of this node stop: its partition has other replicas now. */
record StopCoordinator(String entityId, String shardId) implements EntityEnvelope {

    @Override
    public Object content() {
        return PoisonPill.getInstance();
    }
}

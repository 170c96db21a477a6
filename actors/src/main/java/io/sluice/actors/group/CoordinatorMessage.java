package io.sluice.actors.group;

import io.sluice.actors.sharding.EntityEnvelope;

/** A command on its way to a coordinator of this node. */
record CoordinatorMessage(String entityId, String shardId, GroupCommand content) implements EntityEnvelope {}

package io.sluice.actors.group;

/**
 * A member of a consumer group, as it is stored. Immutable.
 *
 * @param id its id, which the client makes
 * @param instanceId name that outlives the process (KIP-345), or null
 * @param rackId the client's rack, or null
 * @param clientId from its last request
 * @param clientHost from its last request
 * @param rebalanceTimeoutMs how long it may take to give partitions up
 * @param subscription what it wants to read
 * @param current what it has, and its epoch
 * @param classic what it can do if it speaks the classic protocol, or null if it speaks the consumer protocol
 */
record ConsumerMember(String id, String instanceId, String rackId, String clientId, String clientHost,
        int rebalanceTimeoutMs, Subscription subscription, MemberAssignment current, ClassicClient classic) {

    ConsumerMember with(MemberAssignment now) {
        return new ConsumerMember(id, instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs, subscription, now,
                classic);
    }

    boolean isClassic() {
        return classic != null;
    }

    /** Whether it is a static member that has left for a while: its partitions wait for it. */
    boolean isAway() {
        return current.epoch() == Epochs.LEAVE_FOR_A_WHILE;
    }
}

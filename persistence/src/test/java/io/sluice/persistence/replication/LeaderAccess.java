package io.sluice.persistence.replication;

/** What no shell may do to a leader. */
public final class LeaderAccess {
    private LeaderAccess() {
    }

    /** Makes the leader forget which replicas left in its term. */
    public static void forgetWhoLeft(Leader leader) {
        leader.left.clear();
    }
}

package io.sluice.persistence.replication.sim;

import io.sluice.persistence.log.ReplicaStore;
import io.sluice.persistence.replication.Replica;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.io.IOException;

/** How nodes follow the rules. A mutation breaks one of them, to show that the simulation notices. */
interface Faults {
    Faults NONE = new Faults() {
    };

    /** How a replica handles a request. */
    default ReplicaReply handle(Replica replica, ReplicaRequest request, ReplicaStore store) throws IOException {
        return replica.handle(request, store);
    }

    /** Whether the replicas change all the time, whatever the seed says. */
    default boolean restless() {
        return false;
    }

    /** How a replica drops what it holds. */
    default boolean retire(Replica replica, int version, MemoryStore store) throws IOException {
        return replica.retire(version, store);
    }

    /** Whether a leader brings a replica back that left in its term. */
    default boolean bringsBackInTerm() {
        return false;
    }

    /** Whether a crash loses a promise. */
    default boolean forgetsPromise() {
        return false;
    }

    /** Whether a replica answers before the disk has what it answers for. */
    default boolean answersUnflushed() {
        return false;
    }

    /** Whether a wiped disk comes back under its old identity. */
    default boolean wipedKeepsIdentity() {
        return false;
    }

    /** Whether a leader appends without looking at its own promise. */
    default boolean appendsUnchecked() {
        return false;
    }

    /** Whether two replicas come or go in one configuration entry. */
    default boolean changesTwoAtATime() {
        return false;
    }

    /** Whether a claimant counts by the set that its own log names, and not by that of the log to adopt. */
    default boolean countsOwnSet() {
        return false;
    }

    /** Whether a leader goes on with the set it began with when it appends a configuration entry. */
    default boolean countsSetOfActivation() {
        return false;
    }

    /** Whether a leader takes a new configuration to be in force as soon as it asks for it. */
    default boolean trustsUnconfirmed() {
        return false;
    }
}

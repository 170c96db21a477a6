package io.sluice.persistence.log;

import java.util.UUID;

/**
 * What a copy of a log has promised and to whom it was made equal; the part of its durable state that is not in the batches.
 *
 * @param promisedEpoch the highest epoch promised or claimed, -1 if none
 * @param promisedTo to which claimant, null if to nobody or if the log is not replicated
 * @param syncedEpoch the epoch whose leader's log this one was last made equal to, -1 if none
 * @param minConfig configurations below this version may not be claimed under
 * @param claimedConfig the highest configuration under which an epoch was promised, -1 if none was
 */
record ReplicaState(int promisedEpoch, UUID promisedTo, int syncedEpoch, int minConfig, int claimedConfig) {
    /** Before the first promise. */
    static final ReplicaState NONE = new ReplicaState(-1, null, -1, 0, -1);

    /** The state of the only copy after a claim: it is promised and equal to itself. */
    ReplicaState claimed(int epoch) {
        return new ReplicaState(epoch, null, epoch, minConfig, claimedConfig);
    }

    ReplicaState promised(int epoch, UUID claimant, int config) {
        return new ReplicaState(epoch, claimant, syncedEpoch, Math.max(minConfig, config),
                Math.max(claimedConfig, config));
    }

    ReplicaState synced(int epoch) {
        return new ReplicaState(promisedEpoch, promisedTo, epoch, minConfig, claimedConfig);
    }

    ReplicaState withMinConfig(int version) {
        return new ReplicaState(promisedEpoch, promisedTo, syncedEpoch, Math.max(minConfig, version), claimedConfig);
    }

    /** The state of a copy that has dropped its data, because it is none of configuration {@code version}. */
    ReplicaState retired(int version) {
        return withMinConfig(version).synced(-1);
    }

    /** The epoch in which this copy's own leader may append, -1 if in none. */
    int appendEpoch() {
        return promisedEpoch == syncedEpoch ? promisedEpoch : -1;
    }
}

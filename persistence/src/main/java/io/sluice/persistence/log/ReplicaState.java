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
 * @param wholeSince the store's last power loss ({@link RunMark#loss}) when the copy was last known to be whole; null if it never held entries that were
 *        not flushed, which no power loss can cost it
 */
record ReplicaState(int promisedEpoch, UUID promisedTo, int syncedEpoch, int minConfig, int claimedConfig,
        UUID wholeSince) {
    /** Before the first promise. */
    static final ReplicaState NONE = new ReplicaState(-1, null, -1, 0, -1, null);

    /** The state of the only copy after a claim: it is promised and equal to itself. */
    ReplicaState claimed(int epoch) {
        return new ReplicaState(epoch, null, epoch, minConfig, claimedConfig, wholeSince);
    }

    ReplicaState promised(int epoch, UUID claimant, int config) {
        return new ReplicaState(epoch, claimant, syncedEpoch, Math.max(minConfig, config),
                Math.max(claimedConfig, config), wholeSince);
    }

    ReplicaState synced(int epoch) {
        return new ReplicaState(promisedEpoch, promisedTo, epoch, minConfig, claimedConfig, wholeSince);
    }

    ReplicaState withMinConfig(int version) {
        return new ReplicaState(promisedEpoch, promisedTo, syncedEpoch, Math.max(minConfig, version), claimedConfig,
                wholeSince);
    }

    /** The state of a copy that lacks nothing, and may hold entries that are not flushed. */
    ReplicaState whole(UUID lastLoss) {
        return new ReplicaState(promisedEpoch, promisedTo, syncedEpoch, minConfig, claimedConfig, lastLoss);
    }

    /** Whether the copy may have lost entries to the store's last power loss. */
    boolean isSuspect(UUID lastLoss) {
        return wholeSince != null && !wholeSince.equals(lastLoss);
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

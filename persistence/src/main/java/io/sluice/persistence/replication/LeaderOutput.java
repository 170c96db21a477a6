package io.sluice.persistence.replication;

/**
 * What a {@link Leader} wants done. Its methods are called while the leader handles an input; they must not block, and may call the leader back
 * only where they say so.
 */
public interface LeaderOutput {

    /** Sends a request to its target, which may be this node's own replica. */
    void send(ReplicaRequest request);

    /**
     * Reads whole batches of the own log from {@code head.from()} on, fills them into the request, sends it and reports {@link Leader#sent}, at once
     * or later. If nothing can be read there, does nothing: the leader asks again.
     *
     * <p>After the bytes were read, and before they are sent, the own replica must still promise the leader's epoch to the leader's claimant;
     * otherwise another leader may have changed the log meanwhile. Then nothing is sent, and {@link Leader#fenced} is called.
     *
     * @param head the request without batches
     * @param maxBytes most bytes to read, but always one whole batch
     */
    void sendEntries(ReplicaRequest.Append head, int maxBytes);

    /**
     * The leader is active: it may append to its own log, with its epoch, from {@code recoveredEnd} on. Everything before is committed.
     *
     * @param logStart everything before is deleted, perhaps not yet on the own log
     */
    void active(long recoveredEnd, long logStart);

    /** Everything before {@code offset} is committed; it may be acknowledged and read. */
    void highWatermark(long offset);

    /**
     * Asks the one who owns configurations to replace version {@code next.version() - 1} by {@code next}. Reports the configuration in force
     * after the attempt by {@link Leader#configuration}, whether it succeeded or not; nothing if it is not known. Asked again until it is.
     */
    void compareAndSet(ReplicaSet next);

    /** A reconfiguration is confirmed, or the entry that changes the replicas is committed: replicas that are not in {@code current} any more may drop what they hold. */
    void configured(ReplicaSet current);

    /**
     * The leader stopped for good. Nothing is committed by it any more; what was appended and not committed may still be by the next leader.
     *
     * @param highestEpoch the highest epoch this leader heard of; the node must remember it, so that its next leader claims a higher one
     */
    void stopped(StopReason reason, int highestEpoch);

    /** Why a leader stopped. */
    enum StopReason {
        /** A replica has promised another leader. Claim anew, later. */
        FENCED,
        /**
         * A replica refuses to be claimed under this configuration, because somebody began to change it. If it is still in force, the change was not
         * finished: end it by making the same replicas the next version, by compare-and-set. Whoever wins that, claim anew under the result.
         */
        SEALED,
        /** The configuration was changed by somebody else. Claim anew under the one in force. */
        CONFIGURATION_CHANGED,
        /** A replica is to come back that left in this term, which takes another one. Claim anew. */
        REPLICA_RETURNS,
        /** This node's replica is none of the log's any more: the entry that says so is committed. Somebody else must lead. */
        REMOVED,
        /** Not enough replicas answered in time, or the one to recover from did not. Claim anew, later. */
        UNAVAILABLE
    }
}

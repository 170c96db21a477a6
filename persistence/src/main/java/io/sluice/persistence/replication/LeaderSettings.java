package io.sluice.persistence.replication;

/**
 * How a leader treats its replicas. Times are in milliseconds, sizes in bytes.
 *
 * @param requestTimeout what was not answered by then is sent again
 * @param claimTimeout a leader that is not active by then gives up
 * @param heartbeat how often an idle replica hears from the leader
 * @param inSyncLag how long a replica may lag behind the log's end and still count as in sync; Kafka's {@code replica.lag.time.max.ms}
 * @param window most bytes under way to one replica; one request may exceed it
 * @param maxBytes most bytes of one request, unless its first batch is larger
 * @param minInSync least number of replicas that must hold an entry to commit it, if that is more than the majority; Kafka's
 *        {@code min.insync.replicas}. No more than there are is ever asked for
 */
public record LeaderSettings(long requestTimeout, long claimTimeout, long heartbeat, long inSyncLag, int window,
        int maxBytes, int minInSync) {

    /** The same with another {@link #minInSync}. */
    public LeaderSettings withMinInSync(int least) {
        return new LeaderSettings(requestTimeout, claimTimeout, heartbeat, inSyncLag, window, maxBytes, least);
    }
}

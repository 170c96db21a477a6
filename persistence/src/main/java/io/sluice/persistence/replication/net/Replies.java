package io.sluice.persistence.replication.net;

import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.replication.ReplicaReply;

/** The way back to a node that asked. Safe for any thread. A reply is lost if the connection is gone or takes no more; then the asker asks again. */
public interface Replies {

    /**
     * Sends a reply. Entries' batches and a snapshot's content are copied.
     *
     * @return false if it is lost already
     * @throws IllegalArgumentException if it is beyond a limit of the protocol
     */
    boolean send(ReplicaReply reply);

    /**
     * Sends entries that stay in their file until they leave.
     *
     * @param reply its own batches count for nothing
     * @param batches taken over, whatever happens; until it is closed, its file must not get other bytes in that range
     * @return false if it is lost already
     * @throws IllegalArgumentException if it is beyond a limit of the protocol
     */
    boolean send(ReplicaReply.Entries reply, LogSlice batches);
}

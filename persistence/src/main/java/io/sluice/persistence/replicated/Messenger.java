package io.sluice.persistence.replicated;

import io.sluice.persistence.log.LogSlice;
import io.sluice.persistence.replication.ReplicaReply;
import io.sluice.persistence.replication.ReplicaRequest;
import java.util.function.Consumer;

/** Carries requests to replicas, this node's own among them. What is lost is sent again by the leader. Safe for any thread; nothing blocks. */
interface Messenger {

    /**
     * Sends a request.
     *
     * @param toOwn takes the answer if the target is this node's own replica, on a thread of the store
     */
    void send(ReplicaRequest request, Consumer<ReplicaReply> toOwn);

    /** Sends entries that lie in a file; takes {@code batches} over. */
    void send(ReplicaRequest.Append request, LogSlice batches);
}

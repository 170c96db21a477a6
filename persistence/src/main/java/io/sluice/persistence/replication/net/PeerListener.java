package io.sluice.persistence.replication.net;

import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaReply;

/** What becomes of the connections to other nodes. Called on event loops, for one peer in order: nothing may block. */
public interface PeerListener {

    /** Requests reach the peer from now on. */
    void connected(ReplicaId peer);

    /**
     * The connection is gone, or could not be made. What was sent and not answered may be lost.
     *
     * @param why in one line
     */
    void disconnected(ReplicaId peer, String why);

    /**
     * A reply.
     *
     * @param reply the batches of Entries and the content of a Snapshot are direct memory, read from the socket and not copied since
     * @param release to be run once those are needed no more, by any thread; further runs do nothing
     */
    void received(ReplicaReply reply, Runnable release);
}

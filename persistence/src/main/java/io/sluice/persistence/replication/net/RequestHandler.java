package io.sluice.persistence.replication.net;

import io.sluice.persistence.replication.ReplicaRequest;

/** Whoever answers for this node's replicas. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Takes a request from another node, on an event loop: it must not block. It may be meant for another replica. A failure closes the connection.
     *
     * @param request the batches of an Append and the content of a PutSnapshot are direct memory, read from the socket and not copied since
     * @param release to be run once those are needed no more, by any thread; further runs do nothing. The connection is read only
     *        while not too much waits for it
     * @param replies where answers go, now or later
     */
    void handle(ReplicaRequest request, Runnable release, Replies replies);
}

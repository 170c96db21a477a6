package io.sluice.actors.controller;

import java.util.List;

/**
 * How the controller's own log is replicated, as its leader knows.
 *
 * @param leaderId the node that runs the controller
 * @param leaderEpoch epoch of its term
 * @param highWatermark offset before which everything is on a majority of the voters
 * @param voters the replicas that count
 */
public record MetadataQuorum(int leaderId, int leaderEpoch, long highWatermark, List<Voter> voters)
        implements
            ControllerMessage {

    public MetadataQuorum {
        voters = List.copyOf(voters);
    }

    /**
     * One replica.
     *
     * @param nodeId its node, -1 if that is not registered any more
     * @param diskId its disk
     * @param logEndOffset where its copy ends as far as the leader knows, -1 if it has not answered in this term
     */
    public record Voter(int nodeId, String diskId, long logEndOffset) {}
}

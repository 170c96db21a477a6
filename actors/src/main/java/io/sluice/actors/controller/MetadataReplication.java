package io.sluice.actors.controller;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The replication of the controller's own log, for the one who decides on its replicas. They are named by their disk ids. Safe for any thread; nothing
 * blocks.
 */
public interface MetadataReplication {

    /** This node's disk. */
    String self();

    /** Has a disk follow the log, so that it may become a replica. */
    void learn(String diskId);

    /** Whether a disk holds the log up to its end, as far as this node knows. */
    boolean isCaughtUp(String diskId);

    /** Whether the log's replicas may be changed to these now. */
    boolean mayChangeTo(List<String> diskIds);

    /** How far the replicas are; empty while this node does not lead the log. */
    Optional<Progress> progress();

    /**
     * How far the replicas of the log are.
     *
     * @param leaderEpoch epoch of this node's term
     * @param highWatermark offset before which everything is committed
     * @param logEndOffsets by disk, where each replica's copy ends as far as is known, -1 if it has not answered
     */
    record Progress(int leaderEpoch, long highWatermark, Map<String, Long> logEndOffsets) {}

    /** For a log that has no other replicas than this node. */
    static MetadataReplication alone(String self) {
        return new MetadataReplication() {
            @Override
            public String self() {
                return self;
            }

            @Override
            public void learn(String diskId) {
                // nobody to teach
            }

            @Override
            public boolean isCaughtUp(String diskId) {
                return false;
            }

            @Override
            public boolean mayChangeTo(List<String> diskIds) {
                return false;
            }

            @Override
            public Optional<Progress> progress() {
                return Optional.empty();
            }
        };
    }
}

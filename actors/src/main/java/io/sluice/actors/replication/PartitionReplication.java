package io.sluice.actors.replication;

import io.sluice.persistence.replicated.Retirement;
import io.sluice.persistence.replication.ReplicaId;
import io.sluice.persistence.replication.ReplicaSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The replication of this node's partitions, for the one who sees to it that their replicas move. Safe for any thread; nothing blocks. */
public interface PartitionReplication {

    /** The replicas that count for a log that is led here, replicated; empty if it is not. */
    Optional<ReplicaSet> configuration(String log);

    /**
     * Sees to it that a log that is led here gets these replicas. To be said again until they are in force. The replicas that are in force take back
     * what has only begun.
     *
     * @return false if that is not possible now
     */
    boolean reconfigure(String log, List<ReplicaId> members);

    /** The logs that are led here, replicated. */
    Set<String> ledLogs();

    /** The replicas that hold everything of a log that is led here; empty if it is not. */
    List<ReplicaId> inSync(String log);

    /** The logs of which there are files here. */
    Set<String> storedLogs();

    /**
     * Lets go of what this node holds of a log.
     *
     * @param version of the replicas in force, to which this node does not belong
     * @return what came of it
     */
    CompletionStage<Retirement> retire(String log, int version);
}

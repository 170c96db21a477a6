package io.sluice.persistence;

import java.util.List;

/**
 * An event that says which replicas its own log has from there on. Only for the log that nobody else knows the replicas of, because it is where they are
 * written down: the controller's. It must be persisted alone.
 */
public interface ReplicasChange {

    /** The disk ids of the replicas. */
    List<String> replicas();
}

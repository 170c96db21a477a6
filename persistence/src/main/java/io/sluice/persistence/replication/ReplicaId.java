package io.sluice.persistence.replication;

/**
 * One replica's identity: a disk. A wiped or replaced disk is another replica, and the old one never answers again. Which node has the disk, and
 * where that node listens, says membership.
 *
 * @param diskId made together with the data directory
 */
public record ReplicaId(String diskId) {
    @Override
    public String toString() {
        return diskId;
    }
}

package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.log.DataDirectoryException;
import io.sluice.persistence.log.LogStore;
import java.nio.file.Path;

/** The node's data directory while it is open: locked, of a format this version reads, and with an identity. */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final LogStore store;
    private volatile NodeIdentity identity;

    private DataDirectory(Path path, LogStore store, NodeIdentity identity) {
        this.path = path;
        this.store = store;
        this.identity = identity;
    }

    /**
     * Makes the directory where needed, locks it and reads who it belongs to.
     *
     * @throws StartException if it is in use, unusable, of another format, or another node's
     */
    static DataDirectory open(NodeSettings settings) {
        Path path = settings.dataDirectory();
        LogStore store;
        try {
            store = SluicePersistence.open(settings.config());
        } catch (DataDirectoryException e) {
            throw new StartException(code(e.kind()), e.getMessage(), e);
        }
        try {
            NodeIdentity identity = NodeIdentity.read(path);
            if (identity == null) {
                identity = NodeIdentity.unnamed();
                identity.write(path);
            }
            DataDirectory directory = new DataDirectory(path, store, identity);
            directory.requireNode(settings.broker().settings().nodeId());
            return directory;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static ExitCode code(DataDirectoryException.Kind kind) {
        return switch (kind) {
            case IN_USE -> ExitCode.DATA_IN_USE;
            case OTHER_FORMAT -> ExitCode.DATA_FORMAT;
            case UNUSABLE -> ExitCode.DATA_UNUSABLE;
            case WRONG_SETTING -> ExitCode.SETTING;
        };
    }

    private void requireNode(int wanted) {
        if (wanted >= 0 && identity.nodeId() >= 0 && wanted != identity.nodeId()) {
            throw new StartException(ExitCode.DATA_FOREIGN, "data directory " + path + " belongs to node "
                    + identity.nodeId() + ", but node.id is " + wanted
                    + "; leave node.id out or choose another directory");
        }
    }

    Path path() {
        return path;
    }

    LogStore store() {
        return store;
    }

    /** The cluster that it belongs to, null until a cluster has taken the node. Safe for any thread. */
    String clusterId() {
        return identity.clusterId();
    }

    String diskId() {
        return identity.diskId();
    }

    /**
     * Notes which node of which cluster this is, the first time; after that it must stay the same.
     *
     * @throws StartException if the directory is of another cluster or node
     */
    void belongsTo(String clusterId, int nodeId) {
        if (identity.clusterId() == null) {
            identity = identity.of(clusterId, nodeId);
            identity.write(path);
        } else if (!identity.clusterId().equals(clusterId)) {
            throw new StartException(ExitCode.DATA_FOREIGN, "data directory " + path + " belongs to cluster "
                    + identity.clusterId() + ", but the seeds are of cluster " + clusterId
                    + "; correct the seeds or choose another directory");
        } else if (identity.nodeId() != nodeId) {
            throw new StartException(ExitCode.DATA_FOREIGN, "data directory " + path + " belongs to node "
                    + identity.nodeId() + ", but the cluster knows its disk as node " + nodeId
                    + "; was it copied? Choose another directory");
        }
    }

    /** Flushes everything, marks the directory as cleanly stopped and unlocks it. */
    @Override
    public void close() {
        store.close();
    }
}

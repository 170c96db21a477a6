package io.sluice.clusterconfig;

import io.sluice.clusterconfig.cli.ExitCode;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: starts its parts in order and stops them in the opposite order. Start and stop may be called by different threads; a stop
 * during the start undoes what was started so far and keeps the rest from starting.
 */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeSettings settings;
    private final StartTrace trace;
    private final StartLimit limit;
    private final Deque<Part> started = new ArrayDeque<>();
    private final Runnable removed;
    private boolean stopped;
    private volatile ServingNode serving;

    /** Something that was started. */
    interface Part {
        /** Stops it; blocks until it has. */
        void stop() throws Exception;
    }

    /**
     * @param limit paused while the start waits for other nodes
     * @param removed called if the cluster removes the node while it runs
     */
    Node(NodeSettings settings, StartTrace trace, StartLimit limit, Runnable removed) {
        this.settings = settings;
        this.trace = trace;
        this.limit = limit;
        this.removed = removed;
    }

    /**
     * Starts; blocks until the node serves.
     *
     * @throws StartException if it cannot, with the reason in one line
     */
    void start() {
        serving = new NodeWiring(settings, trace, limit, this::own, removed).start();
        trace.reached("ready");
        LOG.debug("start: {}", trace);
    }

    /** Where the node serves and as who; null until it does. */
    ServingNode serving() {
        return serving;
    }

    /** Takes care that a part is stopped with the node. Stops it at once if that has stopped already. */
    private void own(Part part) {
        synchronized (started) {
            if (!stopped) {
                started.push(part);
                return;
            }
        }
        stop(part);
        throw new StartException(ExitCode.STOPPED, "stopped while starting");
    }

    /** Stops everything, latest first; blocks until done. */
    void stop() {
        synchronized (started) {
            stopped = true;
        }
        for (Part part = next(); part != null; part = next()) {
            stop(part);
        }
    }

    private Part next() {
        synchronized (started) {
            return started.poll();
        }
    }

    private static void stop(Part part) {
        try {
            part.stop();
        } catch (Exception e) {
            LOG.warn("a part of the node did not stop cleanly", e);
        }
    }
}

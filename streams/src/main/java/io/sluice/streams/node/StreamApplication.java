package io.sluice.streams.node;

import io.sluice.streams.javadsl.Consumer.DrainingControl;
import java.util.List;
import org.apache.pekko.stream.javadsl.RunnableGraph;

/**
 * Streams of a user that run inside a node. The setting {@code sluice.streams.applications} names the classes; each has a public constructor without
 * parameters. A node makes one of each once it serves, and whatever it throws is its own end only, never the node's.
 */
public interface StreamApplication {

    /**
     * The streams to run; called once, on a thread of its own. The node runs each, restarts those that fail if {@code sluice.streams.restart} says so,
     * and drains all before it stops.
     *
     * @param node where they run
     */
    List<RunnableGraph<? extends DrainingControl<?>>> streams(NodeStreams node) throws Exception;

    /** Gives back what the application holds; called once its streams are drained, or did not drain in time. */
    default void close() throws Exception {
    }
}

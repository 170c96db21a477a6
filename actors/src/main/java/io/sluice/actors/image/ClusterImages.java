package io.sluice.actors.image;

import java.util.function.Consumer;

/** This node's image as it changes. Safe for any thread. */
public interface ClusterImages {

    /** The image now; never null. */
    ClusterImage current();

    /**
     * Calls a listener with the image now, and then with every new one, in order. Two changes close together may arrive as one.
     *
     * @param listener called on the feed's own thread, which is late for everybody while a listener takes long: hand work over
     * @return closing it ends the calls
     */
    Subscription subscribe(Consumer<ClusterImage> listener);

    /** A listener's subscription. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}

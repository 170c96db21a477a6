package io.sluice.streams.javadsl;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.stream.SubscriptionWithCancelException;

/** What becomes of a consumer when its source ends: it goes, unless it may be needed for commits. Used by the source's stage. */
final class SourceLife {

    private enum End {
        CLOSE, FINISH, KEEP
    }

    private final boolean committable;
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    private End end = End.CLOSE;

    SourceLife(boolean committable) {
        this.committable = committable;
    }

    /** The control stops the source; the consumer is closed by the control, too. */
    void stoppedByControl() {
        end = End.KEEP;
    }

    /** The stream has enough, or failed: then what it was given is not going to be committed. */
    void cancelled(Throwable cause) {
        if (committable && cause instanceof SubscriptionWithCancelException.NonFailureCancellation) {
            end = End.FINISH;
        }
    }

    /** The source has ended. */
    void ended(ConsumerLoop<?, ?> loop) {
        switch (end) {
            case CLOSE -> loop.close();
            case FINISH -> loop.finish();
            case KEEP -> loop.rest();
        }
        stopped.complete(Done.getInstance());
    }

    /** Completes when the source has ended. */
    CompletableFuture<Done> stopped() {
        return stopped;
    }
}

package io.sluice.streams.javadsl;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;

/** Gets the thread of a consumer out of its poll, or out of a wait between polls, when there is something to do: at most once a poll, and never while it does something else. */
final class Wakeup {

    private final Consumer<?, ?> consumer;

    // guarded by this
    private boolean polling;
    private boolean signalled;

    Wakeup(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /** There is something to do. Any thread. */
    synchronized void signal() {
        if (!signalled) {
            signalled = true;
            if (polling) {
                consumer.wakeup();
            }
            notifyAll();
        }
    }

    /** What was to do so far is going to be looked at. Consumer's thread, as those below. */
    synchronized void clear() {
        signalled = false;
    }

    /** Waits, without the consumer, until there is something to do or the time is over. Ends at once if the thread is interrupted, which it stays. */
    synchronized void await(long nanos) {
        long deadline = System.nanoTime() + nanos;
        try {
            for (long left = nanos; left > 0 && !signalled; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the consumer says so in its next call
        }
    }

    /** How long the poll that follows may wait: not at all if something came since {@link #clear}. */
    synchronized Duration beginPoll(Duration wanted) {
        polling = true;
        return signalled ? Duration.ZERO : wanted;
    }

    synchronized void endPoll() {
        polling = false;
    }

    /** Runs a call that a signal for the poll before must not end. */
    static <T> T undisturbed(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException e) {
                // meant for a poll that had ended by itself; each poll leaves at most one
            }
        }
    }
}

package io.sluice.kafka.fetch;

import io.sluice.persistence.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits for a change of any of some logs, once. */
final class FetchWait {
    private final Runnable wake;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final List<Log.Registration> registrations;

    /** @param wake run once at most, on any thread, perhaps at once */
    FetchWait(List<Log> logs, Runnable wake) {
        this.wake = wake;
        this.registrations = new ArrayList<>(logs.size());
        for (Log log : logs) {
            registrations.add(log.onNextChange(this::wake));
        }
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            wake.run();
        }
    }

    /** Ends the waiting; {@code wake} may just be running, but is not run later. */
    void cancel() {
        woken.set(true);
        registrations.forEach(Log.Registration::cancel);
    }

    /** Whether the wait is over. */
    boolean isOver() {
        return woken.get();
    }
}

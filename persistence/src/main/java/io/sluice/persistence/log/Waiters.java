package io.sluice.persistence.log;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readers that wait for the next change. Each is called once; costs the writer one volatile read while there are none. */
final class Waiters {
    private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

    private final Set<Entry> entries = new LinkedHashSet<>(2);
    private volatile boolean any;
    private boolean closed;

    /** Adds a waiter; calls it at once if nothing will ever change again. */
    Log.Registration add(Runnable waiter) {
        Entry entry = new Entry(waiter);
        synchronized (entries) {
            if (!closed) {
                entries.add(entry);
                any = true;
                return entry;
            }
        }
        entry.call();
        return entry;
    }

    /** Calls all who wait now. */
    void wake() {
        if (any) {
            takeAll(false).forEach(Entry::call);
        }
    }

    /** Calls all who wait now and from now on everybody at once. */
    void close() {
        takeAll(true).forEach(Entry::call);
    }

    private List<Entry> takeAll(boolean close) {
        synchronized (entries) {
            closed |= close;
            any = false;
            List<Entry> taken = new ArrayList<>(entries);
            entries.clear();
            return taken;
        }
    }

    /** Identity matters: the same runnable may wait twice. */
    private final class Entry implements Log.Registration {
        private final Runnable waiter;

        Entry(Runnable waiter) {
            this.waiter = waiter;
        }

        void call() {
            try {
                waiter.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a waiter of a log failed", e);
            }
        }

        @Override
        public void cancel() {
            synchronized (entries) {
                entries.remove(this);
                any = !entries.isEmpty();
            }
        }
    }
}

package io.sluice.persistence.log;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Raises the high watermark in turn with everything else; those who ask while others wait share their task. */
final class HighWatermarkRaises {
    private final FileLog log;
    private final AtomicLong wanted = new AtomicLong(Long.MIN_VALUE);
    private final AtomicReference<Raise> waiting = new AtomicReference<>();

    HighWatermarkRaises(FileLog log) {
        this.log = log;
    }

    CompletionStage<Void> raise(long offset) {
        wanted.accumulateAndGet(offset, Math::max);
        while (true) {
            Raise before = waiting.get();
            if (before != null) {
                return before; // it looks at what is wanted after it has ceased to wait
            }
            Raise mine = new Raise();
            if (waiting.compareAndSet(null, mine)) {
                return log.submit(mine);
            }
        }
    }

    private final class Raise extends LogTask<Void> {
        @Override
        boolean joinsRound() {
            return true;
        }

        @Override
        void run(LogWriter writer) throws java.io.IOException {
            waiting.set(null);
            writer.raiseHighWatermark(wanted.getAndSet(Long.MIN_VALUE));
            writer.answerWhenStored(this);
        }

        @Override
        void stored() {
            complete(null);
        }
    }
}

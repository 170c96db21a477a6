package io.sluice.persistence.journal;

import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.EventAdapters;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import scala.collection.Iterator;

/**
 * Emits the events of one id. It reads only on demand, at most {@link Settings#maxBufferSize} events ahead, and at the end of the log either
 * completes or waits for the log's next change. It never claims the log.
 */
final class EventsByIdStage extends GraphStage<SourceShape<EventEnvelope>> {
    private final Settings settings;
    private final String persistenceId;
    private final long from;
    private final long to;
    private final boolean live;
    private final Outlet<EventEnvelope> out = Outlet.create("SluiceEventsById.out");
    private final SourceShape<EventEnvelope> shape = SourceShape.of(out);

    /**
     * What all queries of events share.
     *
     * @param store holds the logs
     * @param codec reads events
     * @param adapters turn a stored event into what is emitted: one, none or several
     * @param maxBufferSize how many stored events are read ahead of demand, at most
     */
    record Settings(LogStore store, EventCodec codec, EventAdapters adapters, int maxBufferSize) {}

    /**
     * @param from first sequence number
     * @param to last sequence number; the stream completes after it
     * @param live whether to wait for events to come, or to stop at the last one there is when the stream starts
     */
    EventsByIdStage(Settings settings, String persistenceId, long from, long to, boolean live) {
        this.settings = settings;
        this.persistenceId = persistenceId;
        this.from = Math.max(from, 1);
        this.to = to;
        this.live = live;
    }

    @Override
    public SourceShape<EventEnvelope> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    /** What one read brought, handed from a thread of the store to the stage. */
    private record Chunk(List<PersistentRepr> events, long readTo, Throwable failure) {}

    private record Opened(Log log, Throwable failure) {}

    private final class Logic extends GraphStageLogic {
        private final Queue<EventEnvelope> buffer = new ArrayDeque<>();
        private final AsyncCallback<Opened> opened = createAsyncCallback(this::onOpened);
        private final AsyncCallback<Chunk> chunk = createAsyncCallback(this::onChunk);
        private final AsyncCallback<Log> changed = createAsyncCallback(this::onChanged);
        private long next = from;
        private long last = to;
        private boolean started;
        private boolean busy = true;
        private Log log;
        private Log.Lease lease;
        private Log.Registration registration;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    advance();
                }
            });
        }

        @Override
        public void preStart() {
            open();
        }

        @Override
        public void postStop() {
            if (registration != null) {
                registration.cancel();
            }
            if (lease != null) {
                lease.close();
            }
        }

        private void open() {
            busy = true;
            settings.store()
                    .open(persistenceId)
                    .whenComplete((l, failure) -> opened.invoke(new Opened(l, failure)));
        }

        private void onOpened(Opened result) {
            busy = false;
            if (result.failure() != null) {
                failStage(result.failure());
                return;
            }
            if (!result.log().equals(log)) { // not for the first time: it was deleted and made anew
                Log.Lease before = lease;
                log = result.log();
                lease = log.lease();
                if (before != null) {
                    before.close();
                }
            }
            if (!started) {
                started = true;
                last = live ? to : Math.min(to, log.view().highestSequenceNr());
            }
            advance();
        }

        /** Emits, reads, waits or completes, whatever comes next. */
        private void advance() {
            if (!buffer.isEmpty() && isAvailable(out)) {
                push(out, buffer.remove());
            }
            if (!buffer.isEmpty() || busy) {
                return;
            }
            if (next > last) {
                completeStage();
            } else if (isAvailable(out)) {
                readOrWait();
            }
        }

        private void readOrWait() {
            busy = true;
            if (log.view().highestSequenceNr() >= next) {
                read(Math.min(last, log.view().highestSequenceNr()));
                return;
            }
            Log waitedFor = log;
            registration = log.onNextChange(() -> changed.invoke(waitedFor));
            if (log.view().highestSequenceNr() >= next) { // it changed before the registration
                registration.cancel();
                read(Math.min(last, log.view().highestSequenceNr()));
            }
        }

        private void onChanged(Log which) {
            if (registration != null) {
                registration = null;
                open(); // the log may have been closed or deleted
            }
        }

        private void read(long upTo) {
            registration = null;
            List<PersistentRepr> events = new ArrayList<>();
            Replay.run(log, settings.codec(), next, upTo, event -> {
                events.add(event);
                return events.size() < settings.maxBufferSize();
            }).whenComplete((done, failure) -> {
                boolean whole = events.size() < settings.maxBufferSize();
                chunk.invoke(new Chunk(events, whole ? upTo : events.getLast().sequenceNr(), failure));
            });
        }

        private void onChunk(Chunk read) {
            busy = false;
            if (read.failure() != null) {
                failStage(read.failure());
                return;
            }
            next = read.readTo() + 1;
            read.events().forEach(this::adapt);
            advance();
        }

        private void adapt(PersistentRepr event) {
            Iterator<Object> adapted = settings.adapters()
                    .get(event.payload().getClass())
                    .fromJournal(event.payload(), event.manifest())
                    .events()
                    .iterator();
            while (adapted.hasNext()) {
                buffer.add(new EventEnvelope(Offset.sequence(event.sequenceNr()), persistenceId, event.sequenceNr(),
                        adapted.next(), event.timestamp(), event.metadata()));
            }
        }
    }
}

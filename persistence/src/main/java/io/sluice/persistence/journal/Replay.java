package io.sluice.persistence.journal;

import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.BatchVisitor;
import io.sluice.persistence.log.EntryBatch.Kind;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogView;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.pekko.persistence.PersistentRepr;

/** Reads the events of one id, within bounds, in order, until nobody wants more. Runs on a thread of the store. */
final class Replay implements BatchVisitor {
    private final String persistenceId;
    private final EventCodec codec;
    private final Kind kind;
    private final long from;
    private final long to;
    private final Predicate<PersistentRepr> sink;
    private RuntimeException failure;

    private Replay(String persistenceId, EventCodec codec, Kind kind, long from, long to,
            Predicate<PersistentRepr> sink) {
        this.persistenceId = persistenceId;
        this.codec = codec;
        this.kind = kind;
        this.from = from;
        this.to = to;
        this.sink = sink;
    }

    /**
     * Hands the events with sequence numbers {@code from} to {@code to}, both included, to the sink until that says false. Deleted events are left out.
     * In a log of record batches an event is the batch's {@link BatchHeader}.
     */
    static CompletionStage<Void> run(LogStore store, String persistenceId, EventCodec codec, long from, long to,
            Predicate<PersistentRepr> sink) {
        return store.open(persistenceId).thenCompose(log -> {
            Log.Lease lease = log.lease();
            return run(log, codec, from, to, sink).whenComplete((done, e) -> lease.close());
        });
    }

    /** The same for a log on which the caller has a lease. */
    static CompletionStage<Void> run(Log log, EventCodec codec, long from, long to,
            Predicate<PersistentRepr> sink) {
        LogView view = log.view();
        long first = Math.max(Math.max(from, 1), view.deletedToSequenceNr() + 1);
        long last = Math.min(to, view.highestSequenceNr());
        if (first > last) {
            return CompletableFuture.completedStage(null);
        }
        Replay replay = new Replay(log.persistenceId(), codec, log.kind(), first, last, sink);
        return view.scan(first, last, replay).thenRun(replay::throwFailure);
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public boolean visit(long firstSequenceNr, BatchHeader header, Supplier<ByteBuffer> bytes) {
        if (firstSequenceNr > to) {
            return false;
        }
        return kind == Kind.RECORDS ? visitHead(firstSequenceNr, header) : visitEvents(bytes.get());
    }

    private boolean visitHead(long sequenceNr, BatchHeader header) {
        return sequenceNr < from || sink.test(PersistentRepr.apply(header, sequenceNr, persistenceId,
                PersistentRepr.Undefined(), false, null, PersistentRepr.Undefined())
                .withTimestamp(header.maxTimestamp()));
    }

    private boolean visitEvents(ByteBuffer batch) {
        for (Record record : MemoryRecords.readableRecords(batch).records()) {
            long sequenceNr = record.offset() + 1;
            if (sequenceNr > to || (sequenceNr >= from && !visitEvent(record))) {
                return false;
            }
        }
        return true;
    }

    private boolean visitEvent(Record record) {
        PersistentRepr event;
        try {
            event = codec.decode(persistenceId, record);
        } catch (Exception e) { // serialisers written in Scala throw what they like
            failure = new IllegalStateException(
                    "event " + (record.offset() + 1) + " of \"" + persistenceId + "\" cannot be read: " + e, e);
            return false;
        }
        return sink.test(event);
    }
}

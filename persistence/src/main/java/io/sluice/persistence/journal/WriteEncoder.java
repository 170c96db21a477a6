package io.sluice.persistence.journal;

import io.sluice.persistence.RecordBatch;
import io.sluice.persistence.ReplicasChange;
import io.sluice.persistence.log.ConfigurationEntry;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.EntryBatch.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import scala.collection.Iterator;

/**
 * Turns what an actor persists in one go into batches for its log. A {@link RecordBatch} passes as it is; any other write becomes one batch
 * with a record per event, which makes it atomic. Leader epochs are set later, by the claim. Thread-safe.
 */
final class WriteEncoder {
    private final EventCodec codec;

    WriteEncoder(EventCodec codec) {
        this.codec = codec;
    }

    /**
     * One call of the journal.
     *
     * @param persistenceId whose writes they are
     * @param batches what is to be stored, in order; empty if everything was rejected
     * @param outcome the rejections, one element per write, or empty if there are none
     */
    record Encoded(String persistenceId, List<EntryBatch> batches, List<Optional<Exception>> outcome) {}

    /** Encodes writes of one persistence id; the ones that cannot be stored are rejected and the others go on. */
    Encoded encode(Iterable<AtomicWrite> writes) {
        String id = null;
        List<EntryBatch> batches = new ArrayList<>(1);
        List<Optional<Exception>> outcome = List.of();
        int n = 0;
        for (AtomicWrite write : writes) {
            if (id == null) {
                id = write.persistenceId();
            } else if (!id.equals(write.persistenceId())) {
                throw new IllegalArgumentException(
                        "one call writes for \"" + id + "\" and \"" + write.persistenceId() + "\": make two");
            }
            try {
                EntryBatch batch = batch(write);
                if (!batches.isEmpty() && batches.getFirst().kind() != batch.kind()) {
                    throw new IllegalArgumentException(
                            "\"" + id
                                    + "\" persists record batches and other events: an actor may persist only one kind");
                }
                batches.add(batch);
            } catch (Exception e) {
                outcome = reject(outcome, n, e);
            }
            if (!outcome.isEmpty() && outcome.size() == n) {
                outcome.add(Optional.empty());
            }
            n++;
        }
        return new Encoded(id, batches, outcome);
    }

    private static List<Optional<Exception>> reject(List<Optional<Exception>> outcome, int at, Exception cause) {
        List<Optional<Exception>> filled = outcome.isEmpty()
                ? new ArrayList<>(Collections.nCopies(at, Optional.empty()))
                : outcome;
        filled.add(Optional.of(cause));
        return filled;
    }

    private EntryBatch batch(AtomicWrite write) {
        PersistentRepr first = write.payload().head();
        if (first.payload() instanceof RecordBatch records) {
            if (write.size() > 1) {
                throw new UnsupportedOperationException(
                        "several record batches in one atomic write: persist each by itself");
            }
            return new EntryBatch(records.bytes(), first.sequenceNr(), first.sequenceNr(), Kind.RECORDS);
        }
        return events(write);
    }

    private EntryBatch events(AtomicWrite write) {
        List<SimpleRecord> records = new ArrayList<>(write.size());
        for (Iterator<PersistentRepr> events = write.payload().iterator(); events.hasNext();) {
            records.add(record(events.next(), write.size()));
        }
        long first = write.lowestSequenceNr();
        ByteBuffer bytes = ByteBuffer.allocate(DefaultRecordBatch.sizeInBytes(records));
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(bytes, Compression.NONE, TimestampType.CREATE_TIME,
                first - 1)) {
            records.forEach(builder::append);
            ByteBuffer batch = builder.build().buffer();
            if (write.payload().head().payload() instanceof ReplicasChange) {
                ConfigurationEntry.mark(batch);
            }
            return new EntryBatch(batch, first, first + records.size() - 1, Kind.EVENTS);
        }
    }

    private SimpleRecord record(PersistentRepr event, int together) {
        if (event.payload() instanceof ReplicasChange change) {
            if (together > 1) {
                throw new IllegalArgumentException("a change of the log's replicas is persisted alone");
            }
            return codec.encode(event, ConfigurationEntry.header(change.replicas()));
        }
        return codec.encode(event);
    }
}

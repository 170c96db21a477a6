package io.sluice.persistence.journal;

import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.PersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Queries over the logs of this actor system's data directory:
 *
 * <pre>{@code
 * PersistenceQuery.get(system).getReadJournalFor(SluiceReadJournal.class, SluiceReadJournal.IDENTIFIER)
 * }</pre>
 *
 * They read beside the writing actors and never claim a log. The offset of an event is its sequence number. In a log of record batches the event is
 * the head of the batch. A stream fails with {@link io.sluice.persistence.log.CorruptLogException} at a damaged event.
 */
public final class SluiceReadJournal
        implements
            ReadJournal,
            EventsByPersistenceIdQuery,
            CurrentEventsByPersistenceIdQuery,
            PersistenceIdsQuery,
            CurrentPersistenceIdsQuery {
    /** The plugin's id, the path of its configuration. */
    public static final String IDENTIFIER = "sluice.persistence.query";

    private final SluiceScalaReadJournal queries;

    SluiceReadJournal(SluiceScalaReadJournal queries) {
        this.queries = queries;
    }

    /** The events from one sequence number to another, both included, and those to come; completes after {@code toSequenceNr}. */
    @Override
    public Source<EventEnvelope, NotUsed> eventsByPersistenceId(String persistenceId, long fromSequenceNr,
            long toSequenceNr) {
        return queries.eventsByPersistenceId(persistenceId, fromSequenceNr, toSequenceNr).asJava();
    }

    /** The events from one sequence number to another, both included, that are there when the stream starts. */
    @Override
    public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(String persistenceId, long fromSequenceNr,
            long toSequenceNr) {
        return queries.currentEventsByPersistenceId(persistenceId, fromSequenceNr, toSequenceNr).asJava();
    }

    /** The ids of all logs that hold anything, and of those to come, each once. Never completes. */
    @Override
    public Source<String, NotUsed> persistenceIds() {
        return queries.persistenceIds().asJava();
    }

    /** The ids of all logs that hold anything when the stream starts. */
    @Override
    public Source<String, NotUsed> currentPersistenceIds() {
        return queries.currentPersistenceIds().asJava();
    }
}

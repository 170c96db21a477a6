package io.sluice.persistence.journal;

import com.typesafe.config.Config;
import io.sluice.persistence.SluicePersistence;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.scaladsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.scaladsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.PersistenceIdsQuery;
import org.apache.pekko.persistence.query.scaladsl.ReadJournal;
import org.apache.pekko.stream.scaladsl.Source;

/** The read journal for Scala programs; {@link SluiceReadJournal} tells what each query does. */
public final class SluiceScalaReadJournal
        implements
            ReadJournal,
            EventsByPersistenceIdQuery,
            CurrentEventsByPersistenceIdQuery,
            PersistenceIdsQuery,
            CurrentPersistenceIdsQuery {
    private final ExtendedActorSystem system;
    private final SluicePersistence persistence;
    private final EventCodec codec;
    private final String writePlugin;
    private final int maxBufferSize;
    private final Duration refreshInterval;

    SluiceScalaReadJournal(ExtendedActorSystem system, Config config, String path) {
        this.system = system;
        persistence = SluicePersistence.get(system);
        codec = new EventCodec(new PayloadCodec(system));
        writePlugin = config.getString("write-plugin");
        maxBufferSize = config.getInt("max-buffer-size");
        refreshInterval = config.getDuration("refresh-interval");
        if (maxBufferSize < 1) {
            throw new IllegalArgumentException(path + ".max-buffer-size is " + maxBufferSize + ", must be at least 1");
        }
    }

    @Override
    public Source<EventEnvelope, NotUsed> eventsByPersistenceId(String persistenceId, long fromSequenceNr,
            long toSequenceNr) {
        return events(persistenceId, fromSequenceNr, toSequenceNr, true);
    }

    @Override
    public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(String persistenceId, long fromSequenceNr,
            long toSequenceNr) {
        return events(persistenceId, fromSequenceNr, toSequenceNr, false);
    }

    private Source<EventEnvelope, NotUsed> events(String persistenceId, long from, long to, boolean live) {
        return Source.fromGraph(new EventsByIdStage(
                new EventsByIdStage.Settings(persistence.store(), codec,
                        Persistence.get(system).adaptersFor(writePlugin), maxBufferSize),
                persistenceId, from, to, live));
    }

    @Override
    public Source<String, NotUsed> persistenceIds() {
        return Source.fromGraph(new PersistenceIdsStage(this::ids, blocking(), refreshInterval));
    }

    @Override
    public Source<String, NotUsed> currentPersistenceIds() {
        return org.apache.pekko.stream.javadsl.Source
                .lazyCompletionStage(() -> CompletableFuture.supplyAsync(this::ids, blocking()))
                .mapMaterializedValue(later -> NotUsed.getInstance())
                .mapConcat(ids -> ids)
                .asScala();
    }

    private Set<String> ids() {
        return persistence.store().persistenceIds();
    }

    private Executor blocking() {
        return system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
    }
}

package io.sluice.persistence.journal;

import io.sluice.persistence.RecordBatch;
import io.sluice.persistence.SluicePersistence;
import io.sluice.persistence.journal.WriteEncoder.Encoded;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.DataDirectoryException;
import io.sluice.persistence.log.EntryBatch;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.snapshot.SnapshotReplicas;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/**
 * The journal plugin, {@code sluice.persistence.journal}. Each persistence id has a log of its own; recovering an actor claims it, so that the
 * incarnation which recovered last is the only one that can write. A {@link RecordBatch} is stored as it is and handed out at replay as its
 * {@link BatchHeader}; any other event goes through the serialisers of the actor system.
 *
 * <p>A write is rejected (not stored, the actor goes on) if its event has no serialiser, and fails (the actor stops) if the disk or a later claim
 * refuses it. This actor never blocks; files are the business of the store's threads.
 */
public final class SluiceJournal extends AsyncWriteJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SluiceJournal.class);
    private static final Iterable<Optional<Exception>> ALL_STORED = List.of();

    private final SluicePersistence persistence;
    private final EventCodec codec;
    private final WriteEncoder encoder;
    private final Claims claims;

    /** Called by Pekko. */
    public SluiceJournal() {
        ExtendedActorSystem system = (ExtendedActorSystem) context().system();
        persistence = SluicePersistence.get(system);
        codec = new EventCodec(new PayloadCodec(system));
        encoder = new WriteEncoder(codec);
        ActorRef watcher = context().actorOf(OwnerWatcher.props(), "owners");
        claims = new Claims(persistence::store, system.deadLetters(),
                owner -> watcher.tell(new OwnerWatcher.Watch(owner), self()));
        try {
            persistence.store();
        } catch (DataDirectoryException e) {
            LOG.error("{}", e.getMessage()); // every recovery fails with it, too
        }
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
        return ReceiveBuilder.create()
                .match(OwnerWatcher.OwnerStopped.class, s -> claims.stopped(s.owner()))
                .build()
                .onMessage();
    }

    /** Claims the log. */
    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        try {
            boolean replicated = persistence.store() instanceof SnapshotReplicas replicas
                    && replicas.isReplicated(persistenceId);
            return Stages.future(claims.take(persistenceId, sender()).held().thenCompose(
                    h -> replicated && isGapBehind(fromSequenceNr, h.log())
                            ? CompletableFuture.failedFuture(gap(fromSequenceNr, h.log()))
                            : CompletableFuture.completedFuture(h.log().view().highestSequenceNr())),
                    highest -> highest);
        } catch (RuntimeException e) {
            return Futures.failed(e);
        }
    }

    /**
     * Whether events behind the loaded snapshot are deleted already. The snapshot of a replicated log was loaded before the log was claimed: another
     * leader may have saved a newer one meanwhile and have deleted events, and replaying the rest would make a state that never was.
     */
    private static boolean isGapBehind(long snapshotSequenceNr, Log log) {
        return log.kind() == EntryBatch.Kind.EVENTS && log.view().deletedToSequenceNr() > snapshotSequenceNr;
    }

    private static IOException gap(long snapshotSequenceNr, Log log) {
        return new IOException("the snapshot of \"" + log.persistenceId() + "\" ends at event " + snapshotSequenceNr
                + ", but events are deleted up to " + log.view().deletedToSequenceNr()
                + ": there must be a newer one, to be found when the actor is started again");
    }

    /** Not called on the actor's turn, so it touches no claim. */
    @Override
    public Future<Void> doAsyncReplayMessages(String persistenceId, long fromSequenceNr, long toSequenceNr, long max,
            Consumer<PersistentRepr> replayCallback) {
        if (max <= 0) {
            return Futures.successful(null);
        }
        long[] left = {max};
        return Stages
                .future(Replay.run(persistence.store(), persistenceId, codec, fromSequenceNr, toSequenceNr, event -> {
                    replayCallback.accept(event);
                    return --left[0] > 0;
                }), done -> null);
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        try {
            Encoded encoded = encoder.encode(messages);
            Iterable<Optional<Exception>> outcome = encoded.outcome().isEmpty() ? ALL_STORED : encoded.outcome();
            if (encoded.batches().isEmpty()) {
                return Futures.successful(outcome);
            }
            Claim claim = claims.forWrite(encoded.persistenceId(), sender());
            return Stages.future(claim.append(encoded.batches()), done -> outcome);
        } catch (FencedException | RuntimeException e) {
            return Futures.failed(e);
        }
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        try {
            Claim claim = claims.find(persistenceId, sender());
            return Stages.future(claim == null
                    ? deleteUnclaimed(persistence.store(), persistenceId, toSequenceNr)
                    : claim.held().thenCompose(h -> delete(h.log(), toSequenceNr)), done -> null);
        } catch (FencedException | RuntimeException e) {
            return Futures.failed(e);
        }
    }

    private static CompletionStage<Void> deleteUnclaimed(LogStore store, String persistenceId, long toSequenceNr) {
        return store.open(persistenceId).thenCompose(log -> {
            Log.Lease lease = log.lease();
            return delete(log, toSequenceNr).whenComplete((done, e) -> lease.close());
        });
    }

    private static CompletionStage<Void> delete(Log log, long toSequenceNr) {
        return log.deleteEventsTo(Math.min(toSequenceNr, log.view().highestSequenceNr()));
    }
}

package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.persistence.RecordBatch;
import io.sluice.persistence.log.BatchHeader;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The leader of one partition: a thin shell around {@link PartitionState}, which decides. Classic and with {@code persistAsync}, because a typed
 * event-sourced behavior takes no command while it persists, and appends must follow each other without waiting.
 *
 * <p>Phases:
 * <ol>
 * <li>Recovery. It is the claim: the journal answers only once this actor is the log's one writer. State comes from the last snapshot and
 * the heads of the batches after it.
 * <li>Open: the log is at hand, {@link PartitionSlot#activated} makes the actor known, appends flow.
 * <li>Leaving: taken out of the slot, it stores what was begun, saves its state, and stops.
 * </ol>
 * A failed write ends it at once, whatever phase: what is stored is then unknown, and only a new recovery can tell.
 */
final class PartitionEntity extends AbstractPersistentActor {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionEntity.class);
    private static final long EXPIRE_EVERY_MS = TimeUnit.MINUTES.toMillis(10);
    /** Longer than any write still under way in the journal when an actor was stopped from outside. */
    private static final long ABANDONED_AFTER_SECONDS = 10;

    private final PartitionContext context;
    private final String persistenceId;
    private final PartitionRef ref;
    private final PartitionState state;
    private final Pending pending = new Pending();
    private final CompletableFuture<Void> stopped;

    private Log log;
    private Log.Lease lease;
    private Answers answers;
    private ActivePartition partition;
    private PartitionSlot slot;
    private Errors failure;
    private String failureMessage;
    private int batchesSinceSnapshot;
    /** Its sequence number, 0 while there is none. */
    private long newestSnapshot;
    private long lastExpiryMs;
    private boolean saving;
    private boolean passivating;
    private boolean leaving;
    private boolean dropped;
    private boolean storedAny;
    private Activate reactivate;

    PartitionEntity(PartitionContext context) {
        this.context = context;
        persistenceId = URLDecoder.decode(getSelf().path().name(), StandardCharsets.UTF_8);
        ref = PartitionRef.ofPersistenceId(persistenceId)
                .orElseThrow(() -> new IllegalArgumentException("not a partition: " + persistenceId));
        state = new PartitionState(context.settings().producerExpirationMs());
        stopped = context.slots().entityStarted(ref);
    }

    static Props props(PartitionContext context) {
        return Props.create(PartitionEntity.class, () -> new PartitionEntity(context))
                .withDispatcher(context.settings().dispatcher());
    }

    /** The log, asked for once recovery is done. */
    private record Opened(Log log, Throwable failure) implements NoSerializationVerificationNeeded {}

    @Override
    public String persistenceId() {
        return persistenceId;
    }

    @Override
    public String journalPluginId() {
        return "sluice.persistence.journal";
    }

    @Override
    public String snapshotPluginId() {
        return "sluice.persistence.snapshot-store";
    }

    // Recovery

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder().matchAny(this::onRecovering).build();
    }

    private void onRecovering(Object message) {
        switch (message) {
            case BatchHeader batch -> onReplayed(batch);
            case SnapshotOffer offer -> onSnapshotOffered(offer);
            case RecoveryCompleted completed -> open();
            default -> unhandled(message);
        }
    }

    private void onSnapshotOffered(SnapshotOffer offer) {
        newestSnapshot = offer.metadata().sequenceNr();
        state.restore((PartitionSnapshot) offer.snapshot());
    }

    private void onReplayed(BatchHeader batch) {
        state.replay(batch, context.clock().millis());
        batchesSinceSnapshot++;
    }

    private void open() {
        CompletionStage<Log> opening = context.store().open(persistenceId);
        CompletableFuture<Log> future = opening.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            onOpened(new Opened(future.join(), null));
        } else {
            opening.whenComplete((opened, e) -> getSelf().tell(new Opened(opened, e), getSelf()));
        }
    }

    private void onOpened(Opened opened) {
        Optional<TopicSettings> topic = context.topics().apply(ref);
        if (opened.failure() != null) {
            fail(Errors.KAFKA_STORAGE_ERROR, "the log of " + ref + " could not be opened", opened.failure());
        } else if (topic.isEmpty()) {
            fail(Errors.UNKNOWN_TOPIC_OR_PARTITION, "topic " + ref.topic() + " is gone", null);
        } else if (opened.log().leaderEpoch() < 0) {
            fail(Errors.KAFKA_STORAGE_ERROR, "the log of " + ref + " was closed after it was claimed", null);
        } else if (lastSequenceNr() > opened.log().view().highestSequenceNr()) {
            // With flush=os a power cut may cost the end of the log, but not a snapshot, which is always synced.
            deleteSnapshots(SnapshotSelectionCriteria.latest());
            fail(Errors.KAFKA_STORAGE_ERROR, "the saved state of " + ref + " is ahead of its log, it is deleted", null);
        } else {
            lead(opened.log(), topic.get());
        }
    }

    private void lead(Log opened, TopicSettings topic) {
        log = opened;
        lease = log.lease();
        log.configure(topic.log());
        state.endOfLog(log.view().logEndOffset());
        answers = new Answers(log::view);
        partition = new ActivePartition(ref, log, log.leaderEpoch());
        announce();
    }

    private void announce() {
        context.slots().with(ref, free -> {
            slot = free;
            return free.activated(partition, getSelf());
        });
    }

    // Open

    @Override
    public Receive createReceive() {
        // One matcher and a switch: a matcher per message type would be half of a resting partition's memory.
        return receiveBuilder().matchAny(this::onMessage).build();
    }

    private void onMessage(Object message) {
        switch (message) {
            case Append append when context.slots().handedOver().take(append) -> onAppend(append);
            case Append answered -> LOG.trace("an append of {} was answered already", ref);
            case Activate activate -> onActivate(activate);
            case EntityCommand command -> onCommand(command);
            case SaveSnapshotSuccess saved -> onSnapshotSaved(saved);
            case SaveSnapshotFailure failed -> onSnapshotFailed(failed);
            case DeleteSnapshotsSuccess deleted -> LOG.trace("older states of {} are deleted", ref);
            case DeleteSnapshotsFailure failed -> LOG.warn("older states of {} could not be deleted: {}", ref,
                    failed.cause().toString());
            case Opened opened -> onOpened(opened);
            default -> unhandled(message);
        }
    }

    private void onCommand(EntityCommand command) {
        switch (command) {
            case CHECK_IDLE -> onCheckIdle();
            case STOP -> leave();
            case DROP -> drop();
        }
    }

    private void onAppend(Append append) {
        if (leaving || log == null) {
            append.fail(Errors.NOT_LEADER_OR_FOLLOWER, "the leader of " + ref + " is stopping");
            return;
        }
        long now = context.clock().millis();
        switch (state.decide(append.header(), now)) {
            case PartitionState.Accept accept when !context.slots().refused().isEmpty()
                    && overtakes(append.header(), now) ->
                append.fail(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
                        "an earlier batch of producer " + append.header().producerId()
                                + " failed and has to come first");
            case PartitionState.Accept accept -> store(append, now);
            case PartitionState.Duplicate duplicate -> answerDuplicate(append, duplicate);
            case PartitionState.Refuse(Errors error, String message) -> append.fail(error, message);
        }
    }

    /** Whether an unknown producer's batch follows one that failed and is not stored yet; if not, the batch is accepted. */
    private boolean overtakes(BatchHeader batch, long now) {
        RefusedBatches refused = context.slots().refused();
        if (!state.knows(batch.producerId(), now) && refused.hasEarlier(ref, batch)) {
            return true;
        }
        refused.accepted(ref, batch);
        return false;
    }

    private void store(Append append, long now) {
        ByteBuffer bytes = append.batch();
        BatchHeader.patch(bytes, bytes.position(), state.nextOffset(), partition.leaderEpoch());
        BatchHeader placed = BatchHeader.read(bytes, bytes.position());
        state.apply(placed, now);
        pending.add(append);
        persistAsync(new RecordBatch(bytes, placed), this::onStored);
        expireProducers(now);
    }

    private void answerDuplicate(Append append, PartitionState.Duplicate duplicate) {
        if (state.isStored(duplicate.lastOffset())) {
            answers.duplicate(append, duplicate);
        } else {
            pending.addDuplicate(append, duplicate);
        }
    }

    private void onStored(RecordBatch batch) {
        state.stored(batch.header());
        answers.stored(pending.poll(), batch.header());
        pending.answerDuplicates(state, answers);
        batchesSinceSnapshot++;
        if (!storedAny) {
            storedAny = true;
            slot.forgive();
        }
        if (batchesSinceSnapshot >= context.settings().snapshotEvery()
                && batchesSinceSnapshot >= state.producerCount()) {
            // The second condition keeps the cost of a snapshot of many producers in proportion to the batches it stands for.
            save();
        }
        stopIfSettled();
    }

    private void expireProducers(long now) {
        if (now - lastExpiryMs >= EXPIRE_EVERY_MS) {
            lastExpiryMs = now;
            state.expireProducers(now);
        }
    }

    private void onActivate(Activate message) {
        if (leaving || passivating) {
            reactivate = message;
        } else if (partition != null) {
            announce();
        }
    }

    // Snapshots

    private void save() {
        if (!saving) {
            saving = true;
            batchesSinceSnapshot = 0;
            saveSnapshot(state.snapshot());
        }
    }

    private void onSnapshotSaved(SaveSnapshotSuccess saved) {
        // The one before stays, in case the newest cannot be read.
        if (newestSnapshot > 1) {
            deleteSnapshots(SnapshotSelectionCriteria.create(newestSnapshot - 1, Long.MAX_VALUE));
        }
        newestSnapshot = saved.metadata().sequenceNr();
        onSnapshotDone();
    }

    private void onSnapshotDone() {
        saving = false;
        stopIfSettled();
    }

    private void onSnapshotFailed(SaveSnapshotFailure failed) {
        // Not fatal: the next start reads more batches.
        LOG.warn("state of {} could not be saved: {}", ref, failed.cause().toString());
        onSnapshotDone();
    }

    // Leaving

    private void onCheckIdle() {
        if (slot != null && !leaving && !passivating && slot.deactivateIfIdle(getSelf())) {
            passivating = true;
            getContext().getParent().tell(new ShardRegion.Passivate(EntityCommand.STOP), getSelf());
        } else {
            pending.trim();
        }
    }

    private void drop() {
        dropped = true;
        leave();
    }

    private void leave() {
        if (!leaving) {
            leaving = true;
            if (slot != null) {
                slot.deactivated(getSelf());
            }
        }
        stopIfSettled();
    }

    private void stopIfSettled() {
        if (!leaving || saving || !pending.isEmpty()) {
            return;
        }
        if (batchesSinceSnapshot >= context.settings().snapshotOnStop() && !dropped) {
            save();
        } else {
            getContext().stop(getSelf());
        }
    }

    // Failing

    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        Errors error = errorFor(cause);
        if (error == Errors.NOT_LEADER_OR_FOLLOWER) {
            String message = "partition " + ref + ": another node leads it now";
            LOG.info(message);
            end(error, message);
        } else {
            fail(error, "partition " + ref + " could not be recovered", cause);
        }
    }

    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
        fail(errorFor(cause), "a batch of partition " + ref + " could not be stored", cause);
    }

    @Override
    public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
        // The journal rejects only what it cannot serialise, and batches are not serialised.
        fail(errorFor(cause), "a batch of partition " + ref + " was rejected", cause);
    }

    private static Errors errorFor(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof FencedException) {
                return Errors.NOT_LEADER_OR_FOLLOWER;
            }
        }
        return Errors.KAFKA_STORAGE_ERROR;
    }

    private void fail(Errors error, String message, Throwable cause) {
        LOG.warn("{}{}", message, cause == null ? "" : ": " + cause);
        end(error, message);
    }

    private void end(Errors error, String message) {
        failure = error;
        failureMessage = message;
        getContext().stop(getSelf());
    }

    @Override
    public void postStop() throws Exception {
        leaveSlot();
        answerAll();
        if (lease != null) {
            lease.close();
        }
        if (reactivate != null) {
            context.reactivate().accept(reactivate);
        }
        super.postStop();
        context.slots().entityStopped(ref, stopped);
    }

    private void leaveSlot() {
        if (slot != null && failure != null) {
            slot.failedActive(getSelf(), failure);
        } else if (slot != null) {
            slot.deactivated(getSelf());
        } else {
            PartitionSlot waiting = context.slots().find(ref);
            if (waiting != null && failure != null) {
                waiting.failedStart(failure, failureMessage);
            }
        }
    }

    private void answerAll() {
        Errors error = failure == null ? Errors.NOT_LEADER_OR_FOLLOWER : failure;
        String message = failure == null ? "the leader of " + ref + " was stopped" : failureMessage;
        List<Append> unanswered = pending.failDuplicatesAndDrain(error, message);
        if (failure != null) {
            unanswered.forEach(append -> append.fail(error, message));
        } else if (!unanswered.isEmpty()) {
            // Stopped from outside: the journal may still be reading these bytes, so their owners must not have them back yet.
            // Their producers' next batches may meet a new actor before.
            unanswered.forEach(Append::noteRefused);
            CompletableFuture.delayedExecutor(ABANDONED_AFTER_SECONDS, TimeUnit.SECONDS)
                    .execute(() -> unanswered.forEach(append -> append.fail(error, message)));
        }
    }
}

package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.ClusterImages;
import io.sluice.actors.image.TopicImage;
import io.sluice.actors.placement.Placement;
import io.sluice.actors.sharding.ReplicaSharding;
import io.sluice.persistence.journal.StoredState;
import io.sluice.persistence.log.FencedException;
import io.sluice.persistence.log.Log;
import io.sluice.persistence.log.LogStore;
import io.sluice.persistence.log.LogView;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;

/**
 * The partitions of this node. An append is checked on the caller's thread ({@link BatchValidation}) and then goes straight to the partition's actor;
 * the shard region is asked only to start one. Reads go through {@link ActivePartition#log} and meet no actor at all.
 */
public final class LocalPartitions implements Partitions, PartitionWriters, AutoCloseable {

    private final LogStore store;
    private final ClusterImages images;
    private final TopicSettingsCache topicSettings;
    private final PartitionSlots slots;
    private final Clock clock = Clock.systemUTC();
    private final List<Runnable> onClose = new ArrayList<>();

    private LocalPartitions(LogStore store, ClusterImages images, TopicSettingsCache topicSettings,
            PartitionSettings settings) {
        this.store = store;
        this.images = images;
        this.topicSettings = topicSettings;
        slots = new PartitionSlots(settings);
    }

    /**
     * Starts the partitions of this node. Call it once the node is a member of the cluster and knows its own id.
     *
     * @param store the logs, the store of the system's {@link SluicePersistence}
     * @param images what this node knows of the cluster; must include this node by now
     * @param topicSettings settings in force by topic
     */
    public static LocalPartitions start(ActorSystem system, LogStore store, ClusterImages images,
            TopicSettingsCache topicSettings, PartitionSettings settings) {
        LocalPartitions partitions = new LocalPartitions(store, images, topicSettings, settings);
        PartitionSlots slots = partitions.slots;
        PartitionContext context = new PartitionContext(slots, store, partitions::settingsOf, settings, slots::start,
                partitions.clock);
        system.actorOf(UndeliveredAppends.props(slots.handedOver()), "undelivered-appends");
        system.getWhenTerminated().thenRun(slots.handedOver()::end);
        // Partitions passivate themselves: only they and the edge know whether somebody reads.
        ActorRef region = ReplicaSharding.start(system, "partition", PartitionEntity.props(context), images::current,
                EntityCommand.STOP);
        slots.startWith(message -> region.tell(message, ActorRef.noSender()));
        partitions.keepInStep(system, settings);
        return partitions;
    }

    private void keepInStep(ActorSystem system, PartitionSettings settings) {
        TopicFollower follower = new TopicFollower(slots, store, topicSettings, id -> StoredState.delete(system, id),
                images::current,
                system.dispatcher());
        onClose.add(images.subscribe(image -> follower.changed())::close);
        every(system, settings.sweepInterval(), () -> slots.sweep(this::refusal));
        every(system, Duration.ofMillis(settings.retentionCheckIntervalMs()),
                new RetentionTask(store, this::settingsOf));
    }

    private void every(ActorSystem system, Duration interval, Runnable task) {
        onClose.add(system.scheduler().scheduleWithFixedDelay(interval, interval, task, system.dispatcher())::cancel);
    }

    @Override
    public ActivePartition active(PartitionRef ref) {
        PartitionSlot slot = slots.find(ref);
        return slot == null ? null : slot.use();
    }

    @Override
    public int leaderEpoch(PartitionRef ref) {
        PartitionSlot slot = slots.find(ref);
        ActivePartition active = slot == null ? null : slot.peek();
        return active == null ? -1 : active.leaderEpoch();
    }

    @Override
    public CompletionStage<ActivePartition> activate(PartitionRef ref) {
        ActivePartition active = active(ref);
        if (active != null) {
            return CompletableFuture.completedFuture(active);
        }
        ClusterImage image = images.current();
        TopicImage topic = image.topic(ref.topicId()).orElse(null);
        Errors refused = refusal(image, topic, ref);
        if (refused != Errors.NONE) {
            return CompletableFuture.failedFuture(refused.exception());
        }
        String shardId = Placement.shardId(topic.replicas().get(ref.partition()));
        Activation activation = new Activation();
        slots.with(ref, slot -> (activation.stage = slot.activate(shardId)) != null);
        return activation.stage;
    }

    private static final class Activation {
        private CompletionStage<ActivePartition> stage;
    }

    @Override
    public CompletionStage<ActivePartition> replica(PartitionRef ref) {
        TopicImage topic = images.current().topic(ref.topicId()).orElse(null);
        if (topic == null || !topic.hasPartition(ref.partition()) || Topic.isInternal(topic.name())
                || !topic.replicas().get(ref.partition()).contains(images.current().selfId())) {
            return CompletableFuture.failedFuture(Errors.NOT_LEADER_OR_FOLLOWER.exception());
        }
        return store.openReplica(ref.persistenceId())
                .thenApply(log -> new ActivePartition(ref, log, log.leaderEpoch()));
    }

    @Override
    public boolean write(TopicImage topic) {
        return !Topic.isInternal(topic.name());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever needs it sees whether it came up
    public void start(TopicImage topic, PartitionRef ref) {
        activate(ref);
    }

    @Override
    public void stop(PartitionRef ref) {
        PartitionSlot slot = slots.find(ref);
        if (slot != null) {
            slot.ifActive(entity -> entity.tell(EntityCommand.STOP, ActorRef.noSender()));
        }
    }

    @Override
    public void stopOutside(PartitionRef ref, String shardId) {
        PartitionSlot slot = slots.find(ref);
        if (slot != null) {
            slot.ifActive(entity -> {
                if (!entity.path().parent().name().equals(shardId)) {
                    entity.tell(EntityCommand.STOP, ActorRef.noSender());
                }
            });
        }
    }

    @Override
    public CompletionStage<AppendOutcome> append(PartitionRef ref, ByteBuffer batch) {
        ClusterImage image = images.current();
        TopicImage topic = image.topic(ref.topicId()).orElse(null);
        Errors refused = refusal(image, topic, ref);
        if (refused != Errors.NONE) {
            return failed(refused, refused.message());
        }
        return switch (BatchValidation.validate(batch, topicSettings.get(image, topic), clock.millis())) {
            case BatchValidation.Valid valid -> send(ref, topic, batch, valid);
            case BatchValidation.Invalid(Errors error, String message, List<Integer> wrongRecords) -> CompletableFuture
                    .completedFuture(AppendOutcome.failed(error, message, wrongRecords));
        };
    }

    private CompletionStage<AppendOutcome> send(PartitionRef ref, TopicImage topic, ByteBuffer batch,
            BatchValidation.Valid valid) {
        while (true) {
            PartitionSlot slot = slots.get(ref);
            if (!slot.reserve(valid.header().sizeInBytes())) {
                slot.refused(valid.header());
                // The one error that every client retries without asking for metadata first.
                return failed(Errors.REQUEST_TIMED_OUT,
                        "too much of " + ref + " waits to be stored: sluice.partition.in-flight-…-max");
            }
            Append append = new Append(slot, batch, valid.header());
            if (slot.append(append, topic)) {
                return append.answer();
            }
            slot.release(valid.header().sizeInBytes());
            slots.drop(slot);
        }
    }

    @Override
    public boolean hasEnoughInSync(PartitionRef ref) {
        ClusterImage image = images.current();
        // who does not lead says so when it appends; whether a replica that is alive has caught up, the commit itself tells
        return image.topic(ref.topicId())
                .filter(topic -> image.leader(topic, ref.partition()) == image.selfId())
                .map(topic -> topic.replicas().get(ref.partition()).stream().map(image.nodes()::get)
                        .filter(node -> node != null && node.alive()).count() >= topicSettings.get(image, topic)
                                .minInSyncReplicas())
                .orElse(true);
    }

    private Errors refusal(PartitionRef ref) {
        ClusterImage image = images.current();
        return refusal(image, image.topic(ref.topicId()).orElse(null), ref);
    }

    private static Errors refusal(ClusterImage image, TopicImage topic, PartitionRef ref) {
        if (topic == null) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        if (!topic.hasPartition(ref.partition())) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (Topic.isInternal(topic.name())) {
            return Errors.INVALID_TOPIC_EXCEPTION; // its logs hold a coordinator's events, not records
        }
        return image.leader(topic, ref.partition()) == image.selfId() ? Errors.NONE : Errors.NOT_LEADER_OR_FOLLOWER;
    }

    private Optional<TopicSettings> settingsOf(PartitionRef ref) {
        ClusterImage image = images.current();
        return image.topic(ref.topicId()).map(topic -> topicSettings.get(image, topic));
    }

    @Override
    public CompletionStage<DeleteRecordsOutcome> deleteRecords(PartitionRef ref, long beforeOffset) {
        return activate(ref).thenCompose(active -> deleteRecords(active.log(), beforeOffset))
                .exceptionally(e -> new DeleteRecordsOutcome(errorOf(e), -1));
    }

    private static CompletionStage<DeleteRecordsOutcome> deleteRecords(Log log, long beforeOffset) {
        LogView view = log.view();
        long offset = beforeOffset == -1 ? view.highWatermark() : beforeOffset;
        if (offset < 0 || offset > view.highWatermark()) {
            return CompletableFuture.completedFuture(new DeleteRecordsOutcome(Errors.OFFSET_OUT_OF_RANGE, -1));
        }
        return log.deleteRecordsBefore(offset)
                .thenApply(lowWatermark -> new DeleteRecordsOutcome(Errors.NONE, lowWatermark));
    }

    private static Errors errorOf(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return switch (cause) {
            case FencedException fenced -> Errors.NOT_LEADER_OR_FOLLOWER;
            case java.io.IOException disk -> Errors.KAFKA_STORAGE_ERROR;
            default -> Errors.forException(cause);
        };
    }

    @Override
    public long sizeInBytes(PartitionRef ref) {
        return store.sizeInBytes(ref.persistenceId());
    }

    private static CompletionStage<AppendOutcome> failed(Errors error, String message) {
        return CompletableFuture.completedFuture(AppendOutcome.failed(error, message));
    }

    /** Takes no more appends and fails those that wait for an actor to start. The actors stop with their system. */
    @Override
    public void close() {
        onClose.forEach(Runnable::run);
        slots.close();
    }
}

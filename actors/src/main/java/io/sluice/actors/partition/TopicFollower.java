package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.actors.config.TopicSettingsCache;
import io.sluice.actors.image.ClusterImage;
import io.sluice.actors.image.TopicImage;
import io.sluice.persistence.log.LogStore;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.pekko.actor.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's partitions in step with the topics: changed settings reach the logs of active partitions, and what belongs to a deleted topic is
 * deleted, also what was left behind when the node was down. Images that come in quick succession are followed as one. Safe for any thread.
 */
final class TopicFollower {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final long STOP_WITHIN_SECONDS = 30;

    private final PartitionSlots slots;
    private final LogStore store;
    private final TopicSettingsCache settings;
    private final Function<String, CompletionStage<Void>> deletion;
    private final Supplier<ClusterImage> images;
    private final Executor executor;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    // guarded by this
    private Set<Uuid> known;
    private long version;

    /**
     * @param deletion deletes all that is stored of a persistence id
     * @param executor follows images
     */
    TopicFollower(PartitionSlots slots, LogStore store, TopicSettingsCache settings,
            Function<String, CompletionStage<Void>> deletion, Supplier<ClusterImage> images, Executor executor) {
        this.slots = slots;
        this.store = store;
        this.settings = settings;
        this.deletion = deletion;
        this.images = images;
        this.executor = executor;
    }

    /** There is a new image. Returns at once. */
    void changed() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(() -> {
                scheduled.set(false);
                follow(images.get());
            });
        }
    }

    private synchronized void follow(ClusterImage image) {
        if (!isComplete(image) || image.version() < version) {
            return;
        }
        version = image.version();
        configureActive(image);
        Set<Uuid> topics = new HashSet<>();
        image.topics().forEach(topic -> topics.add(topic.id()));
        if (known == null || !topics.containsAll(known)) {
            settings.retain(image);
            deleteOrphans(image);
        }
        known = topics;
    }

    /** Before the controller fed it, an image has no topics: whoever believed it would delete everything. */
    private static boolean isComplete(ClusterImage image) {
        return image.version() > 0 && image.selfId() >= 0 && image.clusterId() != null;
    }

    private void configureActive(ClusterImage image) {
        for (PartitionSlot slot : slots.all()) {
            ActivePartition active = slot.peek();
            TopicImage topic = image.topic(slot.ref().topicId()).orElse(null);
            if (active != null && topic != null) {
                TopicSettings now = settings.get(image, topic);
                if (slot.configure(now)) {
                    active.log().configure(now.log());
                }
            }
        }
    }

    private void deleteOrphans(ClusterImage image) {
        for (String persistenceId : store.persistenceIds()) {
            PartitionRef.ofPersistenceId(persistenceId).filter(ref -> image.topic(ref.topicId()).isEmpty())
                    .ifPresent(this::delete);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its last stage logs what failed
    private void delete(PartitionRef ref) {
        PartitionSlot slot = slots.find(ref);
        if (slot != null) {
            slot.ifActive(entity -> entity.tell(EntityCommand.DROP, ActorRef.noSender()));
        }
        CompletableFuture<Void> stopped = slots.whenStopped(ref).copy().orTimeout(STOP_WITHIN_SECONDS,
                TimeUnit.SECONDS);
        stopped.handle((done, late) -> deletion.apply(ref.persistenceId())).thenCompose(deleting -> deleting)
                .whenComplete((done, e) -> {
                    if (e == null) {
                        LOG.debug("deleted the log of {}, whose topic is gone", ref);
                    } else {
                        LOG.warn("the log of {}, whose topic is gone, could not be deleted; it will be tried again"
                                + " when another topic goes or the node starts: {}", ref, e.toString());
                    }
                });
    }
}

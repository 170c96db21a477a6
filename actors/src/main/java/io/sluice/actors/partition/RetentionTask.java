package io.sluice.actors.partition;

import io.sluice.actors.config.TopicSettings;
import io.sluice.persistence.log.LogConfig;
import io.sluice.persistence.log.LogStore;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies retention to all partitions that have files on this node, active or not, one after the other so that a node with many of them stays
 * responsive; those that are compacted are opened by that, for the log store to compact. A run that is still going when the next is due goes on instead.
 */
final class RetentionTask implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionTask.class);

    private final LogStore store;
    private final Function<PartitionRef, Optional<TopicSettings>> topics;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param topics settings in force for a partition's topic; empty if there is no such topic */
    RetentionTask(LogStore store, Function<PartitionRef, Optional<TopicSettings>> topics) {
        this.store = store;
        this.topics = topics;
    }

    @Override
    public void run() {
        if (running.compareAndSet(false, true)) {
            next(store.persistenceIds().iterator());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the next one goes on, whatever became of this one
    private void next(Iterator<String> ids) {
        while (ids.hasNext()) {
            CompletableFuture<Integer> applying = apply(ids.next()).toCompletableFuture();
            if (!applying.isDone()) {
                applying.whenComplete((deleted, e) -> next(ids));
                return;
            }
        }
        running.set(false);
    }

    private CompletionStage<Integer> apply(String persistenceId) {
        Optional<LogConfig> config = PartitionRef.ofPersistenceId(persistenceId)
                .filter(ref -> !Topic.isInternal(ref.topic())).flatMap(topics)
                .map(TopicSettings::log)
                .filter(log -> log.retentionMs() >= 0 || log.retentionBytes() >= 0 || log.compaction() != null);
        if (config.isEmpty() || store.sizeInBytes(persistenceId) == 0) {
            return CompletableFuture.completedFuture(0);
        }
        return store.open(persistenceId).thenCompose(log -> {
            log.configure(config.get());
            return log.applyRetention();
        }).exceptionally(e -> {
            LOG.warn("retention of {} failed: {}", persistenceId, e.toString());
            return 0;
        });
    }
}

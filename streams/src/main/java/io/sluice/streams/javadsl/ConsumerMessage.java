package io.sluice.streams.javadsl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;

/** What committable sources emit. */
public final class ConsumerMessage {

    private ConsumerMessage() {
    }

    /**
     * A record and the offset to commit once it is done.
     *
     * @param record the record
     * @param committableOffset stands for the record, and for all before it in its partition
     */
    public record CommittableMessage<K, V>(ConsumerRecord<K, V> record, CommittableOffset committableOffset) {}

    /** One or many offsets that can be committed. Immutable, safe for any thread. */
    public sealed interface Committable permits CommittableOffset, CommittableOffsetBatch {

        /**
         * Commits. For more than one record a second, use {@link Committer}.
         *
         * @return completes once the group's coordinator has stored the offsets. Partitions that were taken away meanwhile are left out, which is no failure:
         *         who has them now begins at the offset committed last. Fails if the coordinator refuses, or cannot be reached within the commit timeout
         */
        CompletionStage<Done> commit();

        /** How many records it stands for. */
        long batchSize();
    }

    /** The offset of one record. */
    public static final class CommittableOffset implements Committable {
        private final OwnedPartition source;
        private final long offset;

        CommittableOffset(OwnedPartition source, long offset) {
            this.source = source;
            this.offset = offset;
        }

        /** The partition of the record. */
        public TopicPartition partition() {
            return source.partition();
        }

        /** The offset of the record; what is committed is the one after it. */
        public long offset() {
            return offset;
        }

        @Override
        public CompletionStage<Done> commit() {
            return commitIfHeld().thenApply(committed -> Done.getInstance());
        }

        /** Commits; completes with whether the partition was still there to be committed. */
        CompletionStage<Boolean> commitIfHeld() {
            return source.commits().commit(Map.of(source, offset + 1));
        }

        @Override
        public long batchSize() {
            return 1;
        }

        @Override
        public String toString() {
            return source + "@" + offset;
        }
    }

    /** The latest offsets of many records, of any number of partitions and sources. */
    public static final class CommittableOffsetBatch implements Committable {
        private final Map<OwnedPartition, Long> next;
        private final long size;

        private CommittableOffsetBatch(Map<OwnedPartition, Long> next, long size) {
            this.next = next;
            this.size = size;
        }

        /** Those together. */
        public static CommittableOffsetBatch of(Iterable<? extends Committable> committables) {
            Map<OwnedPartition, Long> next = new HashMap<>();
            long size = 0;
            for (Committable committable : committables) {
                size += committable.batchSize();
                switch (committable) {
                    case CommittableOffset one -> next.merge(one.source, one.offset + 1, Math::max);
                    case CommittableOffsetBatch batch ->
                        batch.next.forEach((source, offset) -> next.merge(source, offset, Math::max));
                }
            }
            return new CommittableOffsetBatch(next, size);
        }

        /** The offset of the last record of each partition. */
        public Map<TopicPartition, Long> offsets() {
            return next.entrySet().stream().collect(Collectors.toUnmodifiableMap(entry -> entry.getKey().partition(),
                    entry -> entry.getValue() - 1, Math::max));
        }

        @Override
        public CompletionStage<Done> commit() {
            Map<OffsetCommits, Map<OwnedPartition, Long>> bySource = new HashMap<>();
            next.forEach((source, offset) -> bySource.computeIfAbsent(source.commits(), commits -> new HashMap<>())
                    .put(source, offset));
            List<CompletableFuture<Boolean>> commits = new ArrayList<>();
            bySource.forEach((source, offsets) -> commits.add(source.commit(offsets).toCompletableFuture()));
            return CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new))
                    .thenApply(all -> Done.getInstance());
        }

        @Override
        public long batchSize() {
            return size;
        }
    }
}

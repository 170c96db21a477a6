package io.sluice.clusterconfig.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;

/** Reads a topic with a consumer and writes its records. For one thread; only {@link #stop} may be called by another. */
final class Reading {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final RecordFormat format;
    private final OutputStream out;
    private final long max;
    private final boolean follow;
    private final Duration patience;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private boolean inGroup;
    private long count;

    /**
     * @param max most records to write
     * @param follow whether to go on at the end, for ever
     * @param patience how long nothing may come while there should be something; of no meaning if it follows
     */
    Reading(Consumer<byte[], byte[]> consumer, RecordFormat format, OutputStream out, long max, boolean follow,
            Duration patience) {
        this.consumer = consumer;
        this.format = format;
        this.out = out;
        this.max = max;
        this.follow = follow;
        this.patience = patience;
    }

    /** Chooses partitions, alone, and where to begin in each; an offset that is not there becomes the nearest that is. */
    void assign(Collection<TopicPartition> partitions, StartAt start) {
        consumer.assign(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> lasts = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
        if (start.kind() == StartAt.Kind.TIME) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, start.value()));
            found.putAll(consumer.offsetsForTimes(times));
        }
        for (TopicPartition partition : partitions) {
            long end = lasts.get(partition);
            consumer.seek(partition, switch (start.kind()) {
                case BEGINNING -> starts.get(partition);
                case LATEST -> end;
                case OFFSET -> Math.clamp(start.value(), starts.get(partition), end);
                case TIME -> found.get(partition) == null ? end : found.get(partition).offset();
            });
        }
        ends.putAll(lasts);
    }

    /** Reads as a member of the consumer's group, which says which partitions, and commits what was written. */
    void subscribe(String topic) {
        inGroup = true;
        consumer.subscribe(List.of(topic));
    }

    /**
     * Reads and writes until the end, the largest count, or {@link #stop}.
     *
     * @throws TimeoutException if nothing comes although there should be something
     * @throws IOException if the output cannot be written
     */
    void run() throws IOException {
        long heard = System.nanoTime();
        try {
            while (count < max && !isAtEnd()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    heard = System.nanoTime();
                    write(records);
                } else if (!follow && System.nanoTime() - heard > patience.toNanos() && !isAtEnd()) {
                    throw new TimeoutException(consumer.assignment().isEmpty()
                            ? "the group gave this member no partition"
                            : "no records came from " + consumer.assignment());
                }
            }
        } catch (WakeupException e) {
            out.flush(); // asked to stop
        }
    }

    /** Has {@link #run} return soon. Any thread. */
    void stop() {
        consumer.wakeup();
    }

    /** Records written. */
    long count() {
        return count;
    }

    private void write(ConsumerRecords<byte[], byte[]> records) throws IOException {
        Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (count == max) {
                break;
            }
            format.write(record, out);
            count++;
            written.put(new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1));
        }
        out.flush();
        if (inGroup) {
            commit(written);
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> written) {
        try {
            consumer.commitSync(written);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // the partitions went to another member, which writes these records again: at least once
        }
    }

    /** Whether every partition was read to where it ended when reading began. */
    private boolean isAtEnd() {
        if (follow) {
            return false;
        }
        Set<TopicPartition> assigned = consumer.assignment();
        Set<TopicPartition> unknown = new HashSet<>(assigned);
        unknown.removeAll(ends.keySet());
        if (!unknown.isEmpty()) {
            ends.putAll(consumer.endOffsets(unknown));
        }
        return !assigned.isEmpty()
                && assigned.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition));
    }
}

package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/**
 * What the members of one group have and do, all together ({@link GroupWorker}). It knows at once when two have the same partition, or when one does not go
 * on where the group committed: before what was acknowledged, or behind what anybody asked for. Thread-safe.
 */
final class GroupLedger {

    private final Map<TopicPartition, String> owners = new HashMap<>();
    private final Map<TopicPartition, Long> asked = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Set<String> values = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    /** A member has a partition; where the group is in it, as far as anybody knows. */
    synchronized long assigned(String member, TopicPartition partition) {
        String other = owners.put(partition, member);
        if (other != null && !other.equals(member)) {
            faults.add(member + " has " + partition + ", and so has " + other);
        }
        return committed(partition);
    }

    synchronized void released(String member, TopicPartition partition) {
        owners.remove(partition, member);
    }

    /**
     * A member reads the first record of a partition that it was assigned.
     *
     * @param floor where the group was when it was assigned
     */
    synchronized void resumed(String member, TopicPartition partition, long offset, long floor) {
        long highest = asked.getOrDefault(partition, 0L);
        if (offset < floor || offset > highest) {
            faults.add(member + " goes on in " + partition + " at " + offset + "; committed was " + floor
                    + ", and at most asked for " + highest);
        }
    }

    synchronized void read(String value) {
        values.add(value);
    }

    synchronized void asked(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> asked.merge(partition, offset, Math::max));
    }

    synchronized void committed(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> committed.merge(partition, offset, Math::max));
    }

    /** The highest offset whose commit was acknowledged, 0 if there is none. */
    synchronized long committed(TopicPartition partition) {
        return committed.getOrDefault(partition, 0L);
    }

    synchronized void fault(String fault) {
        faults.add(fault);
    }

    synchronized void assertNoFault() {
        assertThat(faults).as("what members of the group saw").isEmpty();
    }

    /** Waits until the group has read and committed more in each of the partitions; how long that took. */
    Duration awaitProgress(List<TopicPartition> partitions, Duration limit, String description) {
        long began = System.nanoTime();
        Map<TopicPartition, Long> before = new HashMap<>();
        partitions.forEach(partition -> before.put(partition, committed(partition)));
        Awaitility.await(description + ": the group goes on in " + partitions).atMost(limit)
                .pollInterval(Duration.ofMillis(20)).until(() -> {
                    assertNoFault();
                    return before.entrySet().stream().allMatch(e -> committed(e.getKey()) > e.getValue());
                });
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits until every record that a producer got through was read by a member. */
    void awaitAll(LoadProducer producer, Duration limit) {
        List<String> sent = producer.acknowledged().stream().map(LoadProducer.Acknowledged::value).toList();
        Awaitility.await("all " + sent.size() + " records are read").atMost(limit).pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    assertNoFault();
                    return missing(sent).isEmpty();
                });
    }

    private synchronized List<String> missing(List<String> sent) {
        return sent.stream().filter(value -> !values.contains(value)).toList();
    }
}

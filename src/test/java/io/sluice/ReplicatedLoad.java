package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Idempotent producers and a consumer of a topic of which every node of a cluster of three holds all, and somebody who creates and deletes topics. In the
 * end it checks that nothing acknowledged is missing, moved, out of its producer's order or there twice ({@link Ledger}), that the consumer was given just
 * that, that the topics are those of which it was told ({@link MetadataLoad}), and that the disks of all nodes hold the same bytes.
 */
final class ReplicatedLoad implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicatedLoad.class);
    /** A topic that nobody else writes to; each node leads a partition of it, as long as all are well. */
    static final String PROBED = "probed";
    static final String TOPIC = "load";
    static final int PARTITIONS = 6;
    private static final short REPLICAS = 3;
    private static final int PRODUCERS = 2;
    private static final int RECORDS_PER_SECOND = 1500;

    private final List<NodeProcess> nodes;
    private final String bootstrap;
    private final List<LoadProducer> producers;
    private final LoadConsumer consumer;
    private final MetadataLoad metadata;

    /** @param cluster three nodes, all of them up */
    ReplicatedLoad(ClusterProcesses cluster) {
        nodes = IntStream.range(0, REPLICAS).mapToObj(cluster::node).toList();
        bootstrap = nodes.stream().map(NodeProcess::bootstrap).collect(Collectors.joining(","));
        try (Admin admin = JavaClients.admin(bootstrap)) {
            JavaClients.get(admin.createTopics(List.of(
                    new NewTopic(TOPIC, PARTITIONS, REPLICAS).configs(Map.of("segment.bytes", "1048576")),
                    new NewTopic(PROBED, REPLICAS, REPLICAS))).all());
            Set<Integer> leaders = JavaClients.get(admin.describeTopics(List.of(TOPIC)).allTopicNames()).get(TOPIC)
                    .partitions().stream().map(partition -> partition.leader().id()).collect(Collectors.toSet());
            assertThat(leaders).as("every node leads something").hasSize(REPLICAS);
        }
        producers = IntStream.range(0, PRODUCERS)
                .mapToObj(i -> new LoadProducer("p" + i, bootstrap, TOPIC, PARTITIONS, RECORDS_PER_SECOND)).toList();
        consumer = new LoadConsumer(bootstrap, TOPIC, PARTITIONS);
        metadata = new MetadataLoad(bootstrap);
    }

    /** Waits until each producer has got so many more records through. */
    void awaitProgress(int count, String description) {
        LoadProducer.awaitAcknowledgements(producers, count, description);
    }

    /**
     * Waits until each producer has got some more records through on every partition after a fault, and topics can be created. Logs how long that took.
     *
     * @param limit the longest it may take
     */
    void awaitRecovery(Duration limit, String description) {
        long began = System.nanoTime();
        awaitProgress(Fault.SOME, description);
        metadata.awaitProgress(description);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        LOG.info("{}: clients are back after {} ms", description, took.toMillis());
        assertThat(took).as("time until clients are back, %s", description).isLessThan(limit);
    }

    long acknowledgedCount() {
        return producers.stream().mapToLong(LoadProducer::acknowledgedCount).sum();
    }

    /** Ends the load and checks what is there. All nodes must be up. */
    void finishAndVerify() throws InterruptedException {
        ReplicaCopies.awaitIdentical(nodes, finishAndVerifyRecords());
    }

    /**
     * As {@link #finishAndVerify}, but does not look at the copies: not every node has each any more.
     *
     * @return by partition, the offset after the last record
     */
    Map<TopicPartition, Long> finishAndVerifyRecords() throws InterruptedException {
        for (LoadProducer producer : producers) {
            producer.finish();
        }
        List<ConsumerRecord<byte[], byte[]>> records = JavaClients.readAll(bootstrap, TOPIC, PARTITIONS);
        Ledger.verify(producers, records);
        metadata.finishAndVerify();
        Map<TopicPartition, Long> ends = new HashMap<>();
        records.forEach(record -> ends.put(new TopicPartition(TOPIC, record.partition()), record.offset() + 1));
        assertThat(places(consumer.readUpTo(ends))).as("what was read during the faults, of each partition")
                .isEqualTo(places(records));
        return ends;
    }

    private static Map<Integer, List<String>> places(Collection<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().collect(Collectors.groupingBy(ConsumerRecord::partition,
                Collectors.mapping(record -> record.offset() + " " + new String(record.value(), UTF_8),
                        Collectors.toList())));
    }

    @Override
    public void close() {
        producers.forEach(LoadProducer::close);
        consumer.close();
        metadata.close();
    }
}

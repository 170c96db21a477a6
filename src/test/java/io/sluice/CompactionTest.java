package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compacted topics on a real node, seen from a client. */
class CompactionTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int KEYS = 50;
    private static final int VALUE_BYTES = 2000;

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("log.retention.check.interval.ms", "500",
            "sluice.persistence.log.compaction.check-interval", "200ms");

    private final Random random = new Random(4711);
    /** The record that a key has last. */
    private final Map<String, RecordMetadata> last = new HashMap<>();

    @BeforeAll
    static void sluiceOnly() {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "its cleaner has other settings");
    }

    private static String createTopic(String policy) {
        return node.createTopic(1, "cleanup.policy", policy, "segment.bytes", "1048576", "min.cleanable.dirty.ratio",
                "0.01", "delete.retention.ms", "0");
    }

    @Test
    void shouldKeepTheLastValueOfEachKeyWhateverHappens() throws Exception {
        String topic = createTopic("compact");
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            fill(producer, topic, 3000);
            long deleted = send(producer, topic, "key-0", null).get().offset();
            fill(producer, topic, 1000);
            assertCompacted(topic);

            node.process().kill();
            node.process().start();
            assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).isNotEmpty();
            assertLastValues(topic);
            fill(producer, topic, 2000); // the same idempotent producer, its sequence numbers go on
            assertCompacted(topic);
            assertThat(offset(topic, OffsetSpec.earliest())).isZero();
            assertThat(offset(topic, OffsetSpec.latest())).isEqualTo(6001);
            assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).as("the tombstone's time is over")
                    .noneMatch(record -> record.offset() == deleted);
        }
    }

    @Test
    void shouldRefuseRecordsWithoutKeyAndNameThem() throws Exception {
        String topic = createTopic("compact");
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap(), "linger.ms", "200", "retries",
                "0")) {
            Future<RecordMetadata> good = send(producer, topic, "a", "1");
            Future<RecordMetadata> bad = send(producer, topic, null, "2");
            assertThatThrownBy(bad::get).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InvalidRecordException.class).hasMessageContaining("must have a key");
            assertThatThrownBy(good::get).as("its batch was refused")
                    .hasCauseInstanceOf(KafkaException.class);
            assertThat(send(producer, topic, "a", "3").get().offset()).isZero();
        }
    }

    @Test
    void shouldAlsoDeleteOldSegmentsWhereBothAreAskedFor() throws Exception {
        String topic = createTopic("compact,delete");
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap())) {
            fill(producer, topic, 3000);
            assertCompacted(topic);
            AlterConfigOp set = new AlterConfigOp(new ConfigEntry("retention.bytes", "1"), AlterConfigOp.OpType.SET);
            JavaClients.get(node.admin().incrementalAlterConfigs(
                    Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(set))).all());
            Awaitility.await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(offset(topic, OffsetSpec.earliest())).isGreaterThan(1500));
            assertThat(offset(topic, OffsetSpec.latest())).isEqualTo(3000);
        }
    }

    private void fill(Producer<byte[], byte[]> producer, String topic, int records) throws Exception {
        Map<String, Future<RecordMetadata>> sent = new HashMap<>();
        byte[] value = new byte[VALUE_BYTES];
        for (int i = 0; i < records; i++) {
            random.nextBytes(value);
            String key = "key-" + i % KEYS;
            sent.put(key, producer.send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value.clone())));
        }
        producer.flush();
        for (Map.Entry<String, Future<RecordMetadata>> each : sent.entrySet()) {
            last.put(each.getKey(), each.getValue().get());
        }
    }

    private static Future<RecordMetadata> send(Producer<byte[], byte[]> producer, String topic, String key,
            String value) {
        return producer.send(new ProducerRecord<>(topic, 0, key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8)));
    }

    /** The active segment holds some five hundred records at most, the others one of each key. */
    private void assertCompacted(String topic) {
        Awaitility.await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).hasSizeLessThan(
                        600 + 2 * KEYS));
        assertLastValues(topic);
    }

    private void assertLastValues(String topic) {
        Map<String, Long> offsets = new HashMap<>();
        long before = -1;
        for (ConsumerRecord<byte[], byte[]> record : JavaClients.readAll(node.bootstrap(), topic, 1)) {
            assertThat(record.offset()).isGreaterThan(before);
            before = record.offset();
            offsets.put(new String(record.key(), UTF_8), before);
        }
        last.forEach((key, metadata) -> assertThat(offsets).containsEntry(key, metadata.offset()));
    }

    private static long offset(String topic, OffsetSpec spec) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return JavaClients.get(node.admin().listOffsets(Map.of(partition, spec)).partitionResult(partition)).offset();
    }
}

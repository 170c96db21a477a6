package io.sluice;

import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.DELETE;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of a topic do what Kafka's documentation says, seen from a client. */
class TopicSettingsTest {

    private static final int MEBIBYTE = 1 << 20;
    private static final Duration RETENTION_LIMIT = Duration.ofSeconds(40);

    @RegisterExtension
    static final NodeExtension node = NodeExtension.with("log.retention.check.interval.ms", "500");

    @Test
    void shouldKeepNoMoreBytesThanRetentionBytes() throws Exception {
        String topic = node.createTopic(1, "segment.bytes", "1048576", "retention.bytes", "2097152");
        fill(topic, 6, System.currentTimeMillis());
        long end = offset(topic, OffsetSpec.latest());
        // a check may have come while the topic was being filled: the next one does the rest
        Awaitility.await().atMost(RETENTION_LIMIT)
                .untilAsserted(() -> assertThat((end - offset(topic, OffsetSpec.earliest())) * MEBIBYTE / 10)
                        .as("bytes left").isBetween(2L * MEBIBYTE - MEBIBYTE / 5, 4L * MEBIBYTE));
        long start = offset(topic, OffsetSpec.earliest());
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).first()
                .satisfies(record -> assertThat(record.offset()).isEqualTo(start));
        assertOutOfRange(topic, start - 1);
    }

    @Test
    void shouldKeepNothingLongerThanRetentionMs() throws Exception {
        String topic = node.createTopic(1, "segment.bytes", "1048576", "retention.ms", "-1");
        fill(topic, 3, System.currentTimeMillis() - 3_600_000);
        assertThat(offset(topic, OffsetSpec.earliest())).isZero();
        alter(topic, "retention.ms", "60000", SET);
        Awaitility.await().atMost(RETENTION_LIMIT)
                .untilAsserted(() -> assertThat(offset(topic, OffsetSpec.earliest()))
                        .isEqualTo(offset(topic, OffsetSpec.latest())));
        assertOutOfRange(topic, 0);
        send(topic, System.currentTimeMillis(), 10);
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).hasSize(1);
    }

    private static void assertOutOfRange(String topic, long offset) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Consumer<byte[], byte[]> consumer = JavaClients.consumer(node.bootstrap(), "auto.offset.reset", "none")) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            assertThatThrownBy(() -> {
                for (int i = 0; i < 20; i++) {
                    consumer.poll(Duration.ofMillis(500));
                }
            }).isInstanceOf(org.apache.kafka.clients.consumer.OffsetOutOfRangeException.class);
        }
    }

    @Test
    void shouldTakeRecordsUpToMaxMessageBytes() throws Exception {
        String topic = node.createTopic(1);
        send(topic, null, MEBIBYTE - 1000);
        assertThatThrownBy(() -> send(topic, null, MEBIBYTE + 1000)).hasCauseInstanceOf(RecordTooLargeException.class);
        alter(topic, "max.message.bytes", Integer.toString(2 * MEBIBYTE), SET);
        send(topic, null, MEBIBYTE + 1000);
        alter(topic, "max.message.bytes", "1000", SET);
        assertThatThrownBy(() -> send(topic, null, 2000)).hasCauseInstanceOf(RecordTooLargeException.class);
        alter(topic, "max.message.bytes", "", DELETE);
        assertThat(send(topic, null, 2000).offset()).isEqualTo(2);
    }

    @Test
    void shouldStampRecordsItself() throws Exception {
        String topic = node.createTopic(1, "message.timestamp.type", "LogAppendTime");
        long before = System.currentTimeMillis();
        RecordMetadata metadata = send(topic, 1000L, 10);
        assertThat(metadata.timestamp()).isBetween(before, System.currentTimeMillis());
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).singleElement().satisfies(record -> {
            assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(record.timestamp()).isEqualTo(metadata.timestamp());
        });
        assertThat(offset(topic, OffsetSpec.forTimestamp(before))).isZero();
    }

    @Test
    void shouldRefuseTimestampsPastTheLimits() throws Exception {
        String topic = node.createTopic(1, "message.timestamp.before.max.ms", "60000", "message.timestamp.after.max.ms",
                "60000");
        long now = System.currentTimeMillis();
        send(topic, now - 30_000, 10);
        send(topic, now + 30_000, 10);
        assertThatThrownBy(() -> send(topic, now - 600_000, 10)).hasCauseInstanceOf(InvalidTimestampException.class);
        assertThatThrownBy(() -> send(topic, now + 600_000, 10)).hasCauseInstanceOf(InvalidTimestampException.class);
        assertThat(send(topic, null, 10).offset()).isEqualTo(2);
    }

    @Test
    void shouldDeleteRecords() throws Exception {
        String topic = node.createTopic(1);
        for (int i = 0; i < 10; i++) {
            send(topic, null, 10);
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        var deleted = node.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)));
        assertThat(JavaClients.get(deleted.lowWatermarks().get(partition)).lowWatermark()).isEqualTo(4);
        assertOutOfRange(topic, 3);
        var tooMany = node.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(11)));
        assertThat(JavaClients.errorOf(tooMany.all()))
                .isInstanceOf(org.apache.kafka.common.errors.OffsetOutOfRangeException.class);
        var all = node.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)));
        assertThat(JavaClients.get(all.lowWatermarks().get(partition)).lowWatermark()).isEqualTo(10);
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).isEmpty();
        assertThat(send(topic, null, 10).offset()).isEqualTo(10);
    }

    @Test
    void shouldKeepWhatDeleteRecordsDidOverARestart() throws Exception {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "it writes the log start down once a minute");
        String topic = node.createTopic(1);
        for (int i = 0; i < 5; i++) {
            send(topic, null, 10);
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        JavaClients.get(node.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(3))).all());
        node.process().kill();
        node.process().start();
        Awaitility.await().atMost(RETENTION_LIMIT).ignoreExceptions()
                .untilAsserted(() -> assertThat(offset(topic, OffsetSpec.earliest())).isEqualTo(3));
        assertThat(JavaClients.readAll(node.bootstrap(), topic, 1)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"retention.ms, soon", "retention.ms, -2", "segment.bytes, 100", "cleanup.policy, shred",
            "no.such.setting, 1",
            "message.timestamp.type, Yesterday", "max.message.bytes, -1", "min.insync.replicas, 0",
            "compression.type, rar"})
    void shouldRefuseASettingThatCannotBe(String key, String value) {
        var created = node.admin()
                .createTopics(List.of(new NewTopic("refused", 1, (short) -1).configs(Map.of(key, value))));
        assertThat(JavaClients.errorOf(created.all())).isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(key);
        assertThat(JavaClients.get(node.admin().listTopics().names())).doesNotContain("refused");
        String topic = node.createTopic(1);
        assertThatThrownBy(() -> alter(topic, key, value, SET)).hasCauseInstanceOf(InvalidConfigurationException.class);
    }

    @ParameterizedTest
    @CsvSource({"compression.type, zstd", "unclean.leader.election.enable, true"})
    void shouldRefuseASettingThatDoesNotActYet(String key, String value) {
        Assumptions.assumeFalse(NodeCommand.isApacheKafka(), "there it acts");
        shouldRefuseASettingThatCannotBe(key, value);
    }

    private static long offset(String topic, OffsetSpec spec) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return JavaClients.get(node.admin().listOffsets(Map.of(partition, spec)).partitionResult(partition)).offset();
    }

    private static void alter(String topic, String key, String value, OpType operation) {
        JavaClients
                .get(node.admin().incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(key, value), operation)))).all());
    }

    private static RecordMetadata send(String topic, Long timestamp, int size, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of("max.request.size", Integer.toString(8 * MEBIBYTE)));
        all.addAll(List.of(settings));
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap(), all.toArray(String[]::new))) {
            return producer.send(new ProducerRecord<>(topic, 0, timestamp, null, new byte[size])).get();
        }
    }

    /** Ten records and as many batches for each mebibyte, a millisecond apart. */
    private static void fill(String topic, int mebibytes, long timestamp)
            throws InterruptedException, ExecutionException {
        try (Producer<byte[], byte[]> producer = JavaClients.producer(node.bootstrap(), "batch.size", "1000")) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < mebibytes * 10; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, timestamp + i, null, new byte[MEBIBYTE / 10])));
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        }
    }
}

package io.sluice.kafka.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.actors.image.NodeImage;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.fakes.FakeController;
import io.sluice.kafka.fakes.LogPartitions;
import io.sluice.kafka.metadata.MetadataHandlers;
import io.sluice.kafka.produce.ProduceHandlers;
import io.sluice.kafka.server.KafkaServer;
import io.sluice.kafka.server.KafkaServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client against real logs behind the real server. */
class JavaClientTest {
    @TempDir
    Path directory;
    private LogPartitions partitions;
    private KafkaServer server;
    private final FakeController controller = new FakeController();

    @BeforeEach
    void start() {
        partitions = new LogPartitions(directory);
        List<ApiHandler> handlers = new ArrayList<>(MetadataHandlers.all(controller, partitions, false));
        handlers.addAll(ProduceHandlers.all(partitions, controller));
        handlers.addAll(FetchHandlers.all(partitions, controller, FetchSettings.DEFAULTS));
        server = KafkaServer.start(KafkaServerSettings.of("127.0.0.1", 0), handlers);
        controller.image.nodes.put(0,
                new NodeImage(0, "disk", "127.0.0.1", server.address().getPort(), null, "", true));
        controller.image.topic("t", 3);
    }

    @AfterEach
    void stop() {
        server.close();
        partitions.close();
    }

    @Test
    void shouldReadWhatItWrote() throws Exception {
        int records = 3000;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + server.address().getPort()), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                sent.add(producer.send(new ProducerRecord<>("t", i % 3, null, new byte[i])));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + server.address().getPort(), "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition("t", 0), new TopicPartition("t", 1),
                    new TopicPartition("t", 2));
            consumer.assign(all);
            int[] next = new int[3];
            int read = 0;
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (read < records && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    assertThat(record.offset()).isEqualTo(next[record.partition()]++);
                    assertThat(record.value()).hasSize((int) record.offset() * 3 + record.partition());
                    read++;
                }
            }
            assertThat(read).isEqualTo(records);
            assertThat(consumer.endOffsets(all).values()).containsOnly(1000L);
            assertThat(consumer.beginningOffsets(all).values()).containsOnly(0L);
        }
    }
}

package io.sluice.kafka.fakes;

import io.sluice.actors.image.TopicImage;
import io.sluice.actors.partition.PartitionRef;
import io.sluice.kafka.api.ApiHandler;
import io.sluice.kafka.fetch.FetchHandlers;
import io.sluice.kafka.fetch.FetchSettings;
import io.sluice.kafka.produce.ProduceHandlers;
import io.sluice.kafka.server.KafkaServer;
import io.sluice.kafka.server.KafkaServerSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** The data APIs on real logs behind a real server. */
public final class DataRig implements AutoCloseable {
    public final FakeController controller = new FakeController();
    public final LogPartitions partitions;
    public final KafkaServer server;

    public DataRig(Path directory) {
        this(directory, KafkaServerSettings.of("127.0.0.1", 0), FetchSettings.DEFAULTS);
    }

    public DataRig(Path directory, KafkaServerSettings settings, FetchSettings fetch) {
        partitions = new LogPartitions(directory);
        List<ApiHandler> handlers = new ArrayList<>(ProduceHandlers.all(partitions, controller));
        handlers.addAll(FetchHandlers.all(partitions, controller, fetch));
        server = KafkaServer.start(settings, handlers);
    }

    public WireClient client() {
        return new WireClient(server.address());
    }

    public PartitionRef ref(TopicImage topic, int partition) {
        return new PartitionRef(topic.id(), topic.name(), partition);
    }

    /** A batch of {@code count} records with timestamps from {@code timestamp} on, each with a value of {@code size} bytes. */
    public static MemoryRecords batch(int count, int size, long timestamp) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(timestamp + i, null, new byte[size]);
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    /** Appends past the wire; returns the size in bytes. */
    public int append(PartitionRef ref, MemoryRecords batch) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(batch.sizeInBytes()).put(batch.buffer()).flip();
        partitions.append(ref, bytes).toCompletableFuture().join();
        return batch.sizeInBytes();
    }

    public static ProduceRequestData produce(TopicImage topic, int partition, int acks, MemoryRecords records) {
        ProduceRequestData request = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(1000);
        request.topicData().add(new TopicProduceData().setName(topic.name()).setTopicId(topic.id())
                .setPartitionData(List.of(new PartitionProduceData().setIndex(partition).setRecords(records))));
        return request;
    }

    public static FetchRequestData fetch(TopicImage topic, int partition, long offset) {
        return new FetchRequestData().setMaxWaitMs(0).setMinBytes(1).setMaxBytes(1 << 20)
                .setTopics(List.of(new FetchTopic().setTopic(topic.name()).setTopicId(topic.id())
                        .setPartitions(new ArrayList<>(List.of(want(partition, offset))))));
    }

    public static FetchPartition want(int partition, long offset) {
        return new FetchPartition().setPartition(partition).setFetchOffset(offset).setPartitionMaxBytes(1 << 20);
    }

    @Override
    public void close() {
        server.close();
        partitions.close();
    }
}

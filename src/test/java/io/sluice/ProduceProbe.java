package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.awaitility.Awaitility;

/** Produces one record to one node and no other: a client would go to whoever leads by now. */
final class ProduceProbe {

    /** The last that names topics. */
    private static final int VERSION = 12;
    private static final int TIMEOUT_MS = 2000;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private ProduceProbe() {
    }

    /** Which partition of {@link ReplicatedLoad#PROBED} a node leads, as soon as it leads one. */
    static int partitionLedBy(NodeProcess node) {
        try (Admin admin = ClusterProcesses.admin(node)) {
            return Awaitility.await("a partition led by " + node.bootstrap()).atMost(LIMIT)
                    .until(() -> JavaClients.get(admin.describeTopics(List.of(ReplicatedLoad.PROBED)).allTopicNames())
                            .get(ReplicatedLoad.PROBED).partitions().stream()
                            .filter(each -> each.leader() != null && each.leader().id() == node.id())
                            .map(TopicPartitionInfo::partition).findAny().orElse(-1), led -> led >= 0);
        }
    }

    /** What a node answers to a record for a partition of {@link ReplicatedLoad#PROBED} with acks=all. */
    static Errors answer(NodeProcess node, int partition) throws IOException {
        MemoryRecords record = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("probe".getBytes(UTF_8)));
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(TIMEOUT_MS)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                        .setName(ReplicatedLoad.PROBED).setPartitionData(List.of(new PartitionProduceData()
                                .setIndex(partition).setRecords(record))))
                        .iterator()));
        try (RawConnection connection = new RawConnection(node)) {
            return Errors.forCode(connection.exchange(ApiKeys.PRODUCE, VERSION, request, new ProduceResponseData())
                    .responses().iterator().next().partitionResponses().get(0).errorCode());
        }
    }
}
